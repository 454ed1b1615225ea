import { doubleToNumber, type Filters, type OfferID } from '@tranche/mesos-api';
import type { Framework } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import type { Offer } from './offer.js';
import { returnOffer } from './return-offer.js';

/** Without filters a refusal counts for 5 s (allocation rule A56). */
const DEFAULT_REFUSE_SECONDS = 5;

/**
 * How long a framework does not want what it refused, in seconds as it said: the engine clamps them.
 *
 * A number that JSON cannot carry is not representable as a duration either, and counts as the default.
 */
export function refuseSecondsOf(filters: Filters | undefined): number {
  const seconds = doubleToNumber(filters?.refuse_seconds ?? DEFAULT_REFUSE_SECONDS);
  return Number.isFinite(seconds) ? seconds : DEFAULT_REFUSE_SECONDS;
}

/** DECLINE: each offer that is still the framework's goes back with the filter; unknown ids are ignored. */
export function declineOffers(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes'>,
  framework: Framework,
  offerIds: readonly OfferID[],
  filters: Filters | undefined,
): void {
  const refuseSeconds = refuseSecondsOf(filters);
  for (const offer of ownOffers(context.state, framework, offerIds)) {
    returnOffer(context, offer, 'declined', refuseSeconds);
  }
}

/** The outstanding offers of this framework among the ids, each once. */
export function ownOffers(state: OffersContext['state'], framework: Framework, offerIds: readonly OfferID[]): Offer[] {
  const offers = new Set<Offer>();
  for (const { value } of offerIds) {
    const offer = state.offers.get(value);
    if (offer?.record.frameworkId === framework.frameworkId) offers.add(offer);
  }
  return [...offers];
}
