import { rescindInverseOffer } from '../inverse-offers/end-inverse-offer.js';
import type { OffersContext } from '../offers-context.js';
import { rescindOffer } from './return-offer.js';

/**
 * Rescinds offers and inverse offers that nobody answered in time.
 *
 * All have the same timeout, so the oldest expires first: one timer, set for the oldest, is enough for any number of them.
 */
export class OfferExpiry {
  private armed = false;

  constructor(
    private readonly context: Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'clock' | 'settings'>,
  ) {}

  /** To be called after offers or inverse offers were made. */
  watch(): void {
    if (this.armed) return;
    const { clock, state } = this.context;
    const [offer] = state.offers.all();
    const [inverseOffer] = state.inverseOffers.all();
    const deadlines = [offer?.record.expiresAtMs, inverseOffer?.expiresAtMs].filter((at) => at !== undefined);
    if (deadlines.length === 0) return;
    this.armed = true;
    clock.after(Math.min(...deadlines) - clock.nowMs(), () => this.expire());
  }

  private expire(): void {
    this.armed = false;
    const { state, clock } = this.context;
    const nowMs = clock.nowMs();
    for (const offer of state.offers.all()) {
      if (offer.record.expiresAtMs === undefined || offer.record.expiresAtMs > nowMs) break;
      rescindOffer(this.context, offer, 'expired');
    }
    for (const record of state.inverseOffers.all()) {
      if (record.expiresAtMs === undefined || record.expiresAtMs > nowMs) break;
      rescindInverseOffer(this.context, record, 'expired');
    }
    this.watch();
  }
}
