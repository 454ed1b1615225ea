import type { YieldedResources, YieldResources } from '@tranche/contracts';
import { Resources } from '@tranche/resources';
import type { OffersContext } from '../../offers-context.js';
import type { Offer } from '../../offers/offer.js';
import { rescindOffer } from '../../offers/return-offer.js';
import { areInUse, offersOfVolumes, usedVolumes } from '../volumes-in-use.js';

/**
 * How long a framework whose offer was taken back is not offered the like, which the operation shall find free: longer than that takes.
 *
 * @source operator API §2.2: the default filter
 */
const REFUSE_SECONDS = 5;

/**
 * Takes offers of an agent back until they do not hold what an operator's operation wants. Those that would not help stay out.
 *
 * @returns how many, and whether a volume that is to go is in use: then none is taken back
 */
export function yieldResources(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes'>,
  { agentId, wanted, volumes }: YieldResources,
): YieldedResources {
  const going = Resources.fromJson(volumes);
  if (areInUse(usedVolumes(context, agentId), going)) return { rescinded: 0, isInUse: true };
  const inTheWay = new Set<Offer>(going.isEmpty ? [] : offersOfVolumes(context, agentId, going));
  let missing = Resources.fromJson(wanted);
  for (const offer of context.state.offers.ofAgent(agentId)) {
    const rest = missing.minus(Resources.fromJson(offer.held).withoutAllocationRole());
    if (rest.equals(missing)) continue;
    inTheWay.add(offer);
    missing = rest;
  }
  for (const offer of inTheWay) rescindOffer(context, offer, 'rescinded', REFUSE_SECONDS);
  return { rescinded: inTheWay.size, isInUse: false };
}
