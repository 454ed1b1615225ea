import {
  isPersistentVolume,
  isStrictSubrole,
  pushReservation,
  type Resources,
  reservationRole,
} from '@tranche/resources';
import { readResources, readRole } from '../../parse/parse-values.js';
import type { Verb } from '../verb.js';
import { checkPlace, findAll, operate, readPlace } from './operation.js';

/** Resources are kept for a role: a dynamic reservation on top of whatever they are reserved for (allocation rule A10). */
export const reserve: Verb = {
  name: 'reserve',
  parse(fields) {
    const place = readPlace(fields);
    const resources = fields.required('resources', readResources);
    const role = fields.required('role', readRole);
    return (simulation) => {
      checkPlace(simulation, fields, place);
      return (
        reservationError(resources, role) ??
        operate(simulation, place, {
          ...findAll(resources),
          convert: (found) => found.map((resource) => pushReservation(resource, { type: 'DYNAMIC', role })),
        })
      );
    };
  },
};

/** What can be told by the names of things, before any offer is rescinded for it. */
function reservationError(resources: Resources, role: string): string | undefined {
  if (role === '*') return 'role * reserves nothing';
  for (const resource of resources) {
    const held = reservationRole(resource);
    if (held !== undefined && !isStrictSubrole(role, held)) return `role ${role} is not below ${held}`;
    if (isPersistentVolume(resource)) return 'a persistent volume cannot be reserved';
    if (resource.revocable === true) return 'revocable resources cannot be reserved';
  }
  return undefined;
}
