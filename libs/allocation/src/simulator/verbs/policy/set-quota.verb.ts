import { compareBytes, Quantities } from '@tranche/resources';
import type { Quota } from '../../../engine.js';
import type { Offer } from '../../offer-book.js';
import { readBoolean } from '../../parse/fields.js';
import { readQuota } from '../../parse/parse-options.js';
import { readRole } from '../../parse/parse-values.js';
import { quotaError } from '../../quota-rules.js';
import type { Simulation } from '../../simulation.js';
import type { Verb } from '../verb.js';
import { capacity, isWithin, publishedConsumption } from './quota-consumption.js';

/** A role is guaranteed, or limited to, some quantities (allocation rules A70–A73). */
export const setQuota: Verb = {
  name: 'setQuota',
  parse(fields) {
    const role = fields.required('role', readRole);
    const quota = readQuota(fields);
    const isForced = fields.optional('force', readBoolean) ?? true;
    return (simulation) => {
      const error = quotaError(role, quota) ?? (isForced ? undefined : forcibleError(simulation, role, quota));
      if (error !== undefined) return error;
      simulation.setQuota(role, quota);
      rescindForQuota(simulation, role, quota);
      return undefined;
    };
  },
};

/** @source allocation rules A70 (without force) and A72 */
function forcibleError(simulation: Simulation, role: string, { guarantees, limits }: Quota): string | undefined {
  const consumed = publishedConsumption(simulation, role);
  if (!limits.contains(consumed))
    return `limits ${limits.toText()} do not contain what is consumed: ${consumed.toText()}`;
  let guaranteed = guarantees;
  for (const [other, quota] of simulation.quotas) if (other !== role) guaranteed = guaranteed.plus(quota.guarantees);
  const total = capacity(simulation);
  if (total.contains(guaranteed)) return undefined;
  return `all guarantees ${guaranteed.toText()} are above the cluster's capacity: ${total.toText() || 'nothing'}`;
}

/**
 * Takes back what stands in the way of the new quota.
 *
 * An offered reservation counts as consumed and as offered, so this may take back more than needed.
 *
 * @source allocation rule A71
 */
function rescindForQuota(simulation: Simulation, role: string, { guarantees, limits }: Quota): void {
  const consumed = publishedConsumption(simulation, role);
  const own = [...simulation.offers.all()].filter((offer) => isWithin(offer.role, role));
  let offered = own.reduce((sum, { resources }) => sum.plus(resources.scalarQuantities()), Quantities.EMPTY);
  for (const offer of own) {
    if (limits.contains(consumed.plus(offered))) break;
    offered = offered.minus(offer.resources.scalarQuantities());
    simulation.rescind([offer]);
  }
  let secured = consumed.plus(offered);
  for (const offer of othersByAgent(simulation, role)) {
    if (secured.contains(guarantees)) return;
    secured = secured.plus(offer.resources.scalarQuantities());
    simulation.rescind([offer]);
  }
}

/** Offers to others, agents in byte order of their ids, the offers of each in the order in which they were made. */
function* othersByAgent(simulation: Simulation, role: string): Generator<Offer> {
  for (const agentId of [...simulation.agents.keys()].toSorted(compareBytes)) {
    yield* simulation.offers.find({ agentId }).filter((offer) => !isWithin(offer.role, role));
  }
}
