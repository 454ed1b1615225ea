import type { OffersContext } from '../offers-context.js';
import { rescindOffer } from './return-offer.js';

/**
 * Rescinds offers that nobody answered in time.
 *
 * All offers have the same timeout, so the oldest expires first: one timer, set for the oldest, is enough for any number of offers.
 */
export class OfferExpiry {
  private armed = false;

  constructor(
    private readonly context: Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'clock' | 'settings'>,
  ) {}

  /** To be called after offers were made. */
  watch(): void {
    const { clock, state } = this.context;
    if (this.armed) return;
    for (const { record } of state.offers.all()) {
      if (record.expiresAtMs === undefined) return;
      this.armed = true;
      clock.after(record.expiresAtMs - clock.nowMs(), () => this.expire());
      return;
    }
  }

  private expire(): void {
    this.armed = false;
    const nowMs = this.context.clock.nowMs();
    for (const offer of this.context.state.offers.all()) {
      if (offer.record.expiresAtMs === undefined || offer.record.expiresAtMs > nowMs) break;
      rescindOffer(this.context, offer, 'expired');
    }
    this.watch();
  }
}
