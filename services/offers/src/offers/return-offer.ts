import type { OfferOutcome } from '@tranche/contracts';
import { isConnected, sendEvent } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import type { Offer } from './offer.js';

type Context = Pick<OffersContext, 'state' | 'allocator' | 'changes'>;

/**
 * Ends an offer and gives all that it holds back. The framework is not told.
 *
 * @param refuseSeconds set when the framework refused it: how long it does not want the like
 */
export function returnOffer(context: Context, offer: Offer, outcome: OfferOutcome, refuseSeconds?: number): void {
  if (!context.state.offers.remove(offer)) return;
  context.changes.offerEnded(offer.record, outcome);
  const { frameworkId, role, agentId } = offer.record;
  context.allocator.recover({
    frameworkId,
    role,
    agentId,
    resources: [...offer.held],
    ...(refuseSeconds === undefined ? {} : { refuseSeconds }),
  });
}

/** Ends an offer on the cluster's side and tells the framework so. @param refuseSeconds set when it shall not be offered the like for a while */
export function rescindOffer(
  context: Context,
  offer: Offer,
  outcome: 'rescinded' | 'expired' = 'rescinded',
  refuseSeconds?: number,
): void {
  returnOffer(context, offer, outcome, refuseSeconds);
  const framework = context.state.frameworks.get(offer.record.frameworkId);
  if (framework !== undefined && isConnected(framework)) {
    sendEvent(framework, { type: 'RESCIND', rescind: { offer_id: { value: offer.record.offerId } } });
  }
}
