import { Controller, Inject } from '@nestjs/common';
import { type MakeOffers, MakeOffersV1 } from '@tranche/contracts';
import { Handles, type MessageContext } from '@tranche/messaging';
import type { OffersContext } from '../offers-context.js';
import { RecentMessages } from '../recent-messages.js';
import { OFFERS_CONTEXT } from '../tokens.js';
import { makeOffers } from './make-offers.js';
import { OfferExpiry } from './offer-expiry.js';

/** The allocator's decisions. */
@Controller()
export class OffersConsumer {
  private readonly recent = new RecentMessages();

  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(OfferExpiry) private readonly expiry: OfferExpiry,
  ) {}

  @Handles(MakeOffersV1)
  async makeOffers(items: MakeOffers[], { messageId }: MessageContext): Promise<void> {
    // A decision that comes twice would be held twice.
    if (this.recent.isRepeated(messageId)) return;
    makeOffers(this.context, this.expiry, items);
  }
}
