import { Controller, Inject } from '@nestjs/common';
import { type MakeInverseOffers, MakeInverseOffersV1 } from '@tranche/contracts';
import { Handles, type MessageContext } from '@tranche/messaging';
import { AllocatorFence } from '../offers/allocator-fence.js';
import { OfferExpiry } from '../offers/offer-expiry.js';
import type { OffersContext } from '../offers-context.js';
import { OFFERS_CONTEXT } from '../tokens.js';
import { makeInverseOffers } from './make-inverse-offers.js';

/** The allocator's requests to leave agents. */
@Controller()
export class InverseOffersConsumer {
  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(OfferExpiry) private readonly expiry: OfferExpiry,
    @Inject(AllocatorFence) private readonly fence: AllocatorFence,
  ) {}

  @Handles(MakeInverseOffersV1)
  async makeInverseOffers(items: MakeInverseOffers[], { source }: MessageContext): Promise<void> {
    if (!this.fence.admits(source)) return;
    makeInverseOffers(this.context, this.expiry, items);
  }
}
