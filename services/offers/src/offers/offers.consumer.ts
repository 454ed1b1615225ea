import { Controller, Inject } from '@nestjs/common';
import {
  type MakeOffers,
  MakeOffersV1,
  MarkStatedV1,
  type RescindOffers,
  RescindOffersV1,
  type StateMark,
  StateMarkV1,
} from '@tranche/contracts';
import { Handles, MessageBus, type MessageContext } from '@tranche/messaging';
import type { Logger } from '@tranche/telemetry';
import type { OffersContext } from '../offers-context.js';
import { RecentMessages } from '../recent-messages.js';
import { LOGGER, OFFERS_CONTEXT } from '../tokens.js';
import { AllocatorFence } from './allocator-fence.js';
import { makeOffers } from './make-offers.js';
import { OfferExpiry } from './offer-expiry.js';
import { rescindOffer } from './return-offer.js';

/** The allocator's decisions, and operators' that undo them. */
@Controller()
export class OffersConsumer {
  private readonly recent = new RecentMessages();

  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(OfferExpiry) private readonly expiry: OfferExpiry,
    @Inject(AllocatorFence) private readonly fence: AllocatorFence,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(MessageBus) private readonly bus: Pick<MessageBus, 'publish'>,
  ) {}

  @Handles(MakeOffersV1)
  async makeOffers(items: MakeOffers[], { messageId, source }: MessageContext): Promise<void> {
    const valid = items.filter((item) => this.fence.admits(source, item));
    if (valid.length < items.length)
      this.logger.info('decisions by, or for, a former life are void', { source, items: items.length - valid.length });
    // A decision that comes twice would be held twice.
    if (this.recent.isRepeated(messageId)) return;
    makeOffers(this.context, this.expiry, valid);
  }

  @Handles(RescindOffersV1)
  async rescindOffers(items: RescindOffers[]): Promise<void> {
    for (const { offerId } of items) {
      const offer = this.context.state.offers.get(offerId);
      if (offer !== undefined) rescindOffer(this.context, offer);
    }
  }

  /** All that came before has been done, and stated. */
  @Handles(StateMarkV1)
  async stateMarks(items: StateMark[]): Promise<void> {
    const { index } = this.context.state.partition;
    this.bus.publish(
      MarkStatedV1,
      items.map(({ mark }) => ({ mark, partition: index })),
    );
  }
}
