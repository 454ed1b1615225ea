import {
  isDynamicallyReserved,
  isPersistentVolume,
  nameableKey,
  popReservation,
  Resources,
  reservationRole,
} from '@tranche/resources';
import { readResources } from '../../parse/parse-values.js';
import type { Verb } from '../verb.js';
import { checkPlace, findAll, operate, readPlace } from './operation.js';

/** The innermost reservation, which must be a dynamic one, goes. */
export const unreserve: Verb = {
  name: 'unreserve',
  parse(fields) {
    const place = readPlace(fields);
    const resources = fields.required('resources', readResources);
    return (simulation) => {
      checkPlace(simulation, fields, place);
      const total = simulation.engine.view.total(place.agentId) ?? Resources.EMPTY;
      return (
        unreservationError(resources, total) ??
        operate(simulation, place, { ...findAll(resources), convert: (found) => found.map(popReservation) })
      );
    };
  },
};

/** What can be told before any offer is rescinded for it: nothing that is so named is, or could be, dynamically reserved. */
function unreservationError(resources: Resources, total: Resources): string | undefined {
  for (const resource of resources) {
    const key = nameableKey(resource);
    if (reservationRole(resource) === undefined) return `${resource.name} is not reserved`;
    if (isPersistentVolume(resource)) return 'a persistent volume must be destroyed before its disk is unreserved';
    const objects = [...total].filter((each) => nameableKey(each) === key);
    if (objects.length > 0 && !objects.some(isDynamicallyReserved)) {
      return `${resource.name} of role ${reservationRole(resource)} is statically reserved`;
    }
  }
  return undefined;
}
