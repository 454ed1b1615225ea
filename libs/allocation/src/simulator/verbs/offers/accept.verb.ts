import { Resources, resolveReference } from '@tranche/resources';
import { readNumber } from '../../parse/fields.js';
import { readResources } from '../../parse/parse-values.js';
import type { Verb } from '../verb.js';
import { findOffers, onlyRole, readOfferFields } from './find-offers.js';

/** Seconds for which the rest of an accepted offer is refused unless the framework says otherwise (allocation rule A56). */
export const DEFAULT_REFUSE_SECONDS = 5;

/** A framework uses what it was offered on an agent, or some of it, and refuses the rest. */
export const accept: Verb = {
  name: 'accept',
  parse(fields) {
    const query = readOfferFields(fields, true);
    const wanted = fields.optional('use', readResources);
    const refuseSeconds = fields.optional('refuse', readNumber) ?? DEFAULT_REFUSE_SECONDS;
    return (simulation) => {
      const offers = findOffers(simulation, fields, query);
      const role = onlyRole(fields, offers);
      const offered = offers.reduce((sum, { resources }) => sum.plus(resources), Resources.EMPTY);
      const used = wanted === undefined ? offered : resolveReference(offered, wanted);
      if (used === undefined) {
        throw fields.fault('use', `${(wanted as Resources).toText()} is more than is offered: ${offered.toText()}`);
      }
      const place = { frameworkId: query.frameworkId, role, agentId: query.agentId as string };
      for (const offer of offers) simulation.offers.remove(offer);
      simulation.inUse.add({ ...place, resources: used });
      const rest = offered.minus(used);
      if (!rest.isEmpty) simulation.recover({ ...place, resources: rest }, refuseSeconds);
    };
  },
};
