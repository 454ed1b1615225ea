import { Resources, resolveReference } from '@tranche/resources';
import { type Fields, readNumber } from '../../parse/fields.js';
import { readResources } from '../../parse/parse-values.js';
import type { Offer } from '../../offer-book.js';
import type { Simulation } from '../../simulation.js';
import type { Verb } from '../verb.js';
import { DEFAULT_REFUSE_SECONDS } from './accept.verb.js';
import { findOffers, onlyAgent, onlyRole, readOfferFields } from './find-offers.js';

/** A framework refuses offers, or a part of what it was offered on an agent (allocation rule A55). */
export const decline: Verb = {
  name: 'decline',
  parse(fields) {
    const query = readOfferFields(fields, false);
    const part = fields.optional('resources', readResources);
    const refuseSeconds = fields.optional('refuse', readNumber) ?? DEFAULT_REFUSE_SECONDS;
    return (simulation) => {
      const offers = findOffers(simulation, fields, query);
      if (part !== undefined) return declinePart(simulation, fields, offers, part, refuseSeconds);
      for (const offer of offers) {
        simulation.offers.remove(offer);
        simulation.recover(offer, refuseSeconds);
      }
    };
  },
};

/** What remains of the offers stays outstanding as one: the first of them. */
function declinePart(
  simulation: Simulation,
  fields: Fields,
  offers: readonly Offer[],
  part: Resources,
  refuseSeconds: number,
): void {
  onlyAgent(fields, offers);
  onlyRole(fields, offers);
  const [first, ...others] = offers as [Offer, ...Offer[]];
  const offered = offers.reduce((sum, { resources }) => sum.plus(resources), Resources.EMPTY);
  const declined = resolveReference(offered, part);
  if (declined === undefined) {
    throw fields.fault('resources', `${part.toText()} is more than is offered: ${offered.toText()}`);
  }
  for (const offer of others) simulation.offers.remove(offer);
  const rest = offered.minus(declined);
  if (rest.isEmpty) simulation.offers.remove(first);
  else simulation.offers.replace(first, rest);
  if (!declined.isEmpty) simulation.recover({ ...first, resources: declined }, refuseSeconds);
}
