import { nameableKey, type Resource, Resources, resolveReference, withoutVolumes } from '@tranche/resources';
import type { Offer } from '../../offer-book.js';
import { readId } from '../../parse/fields.js';
import { RESCIND_REFUSAL_SECONDS, type Simulation } from '../../simulation.js';
import type { Verb } from '../verb.js';
import { checkPlace, findSingle, operate, readPlace } from './operation.js';

/** A persistent volume becomes plain disk again, unless a task uses it. */
export const destroyVolume: Verb = {
  name: 'destroyVolume',
  parse(fields) {
    const place = readPlace(fields);
    const id = fields.required('id', readId);
    return (simulation) => {
      checkPlace(simulation, fields, place);
      const { agentId, frameworkId } = place;
      const volume = [...(simulation.engine.view.total(agentId) ?? [])].find(
        (each) => each.disk?.persistence?.id === id,
      );
      if (volume === undefined) return `there is no volume ${id} on ${agentId}`;
      if (isUsed(simulation, agentId, volume)) return `volume ${id} is in use`;
      const holders = simulation.offers.find({ agentId }).filter((offer) => holds(offer, volume));
      if (frameworkId === undefined) {
        // Whoever is offered the shared volume must lose it, also beyond what is needed to make it free.
        simulation.rescind(holders, RESCIND_REFUSAL_SECONDS);
        return operate(simulation, place, { ...findSingle({ ...volume, copies: 1 }), convert: withoutVolumes });
      }
      const own = holders.find((offer) => offer.frameworkId === frameworkId);
      if (own === undefined) return `no offer to ${frameworkId} on ${agentId} holds volume ${id}`;
      simulation.rescind(holders.filter((offer) => offer !== own));
      return destroyInOffer(simulation, own, volume);
    };
  },
};

/** All copies in the offer go, and become one piece of disk. */
function destroyInOffer(simulation: Simulation, offer: Offer, volume: Resource): string | undefined {
  const consumed = offer.resources.filter((resource) => nameableKey(resource) === nameableKey(volume));
  const converted = withoutVolumes(consumed);
  const { agentId, frameworkId, role } = offer;
  const isDone = simulation.engine.convert({ agentId, consumed, converted, holder: { frameworkId, role } });
  if (!isDone) return `volume cannot be destroyed: ${consumed.toText()}`;
  simulation.offers.replace(offer, offer.resources.minus(consumed).plus(converted));
  return undefined;
}

function holds({ resources }: Offer, volume: Resource): boolean {
  return resolveReference(resources, Resources.of([{ ...volume, copies: 1 }])) !== undefined;
}

function isUsed(simulation: Simulation, agentId: string, volume: Resource): boolean {
  for (const { resources } of simulation.inUse.onAgent(agentId)) {
    for (const resource of resources) if (nameableKey(resource) === nameableKey(volume)) return true;
  }
  return false;
}
