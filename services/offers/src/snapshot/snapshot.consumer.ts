import { Controller, Inject } from '@nestjs/common';
import { type OffersSnapshot, OffersSnapshotV1, type RequestOf } from '@tranche/contracts';
import { Handles, MessageBus, type MessageContext } from '@tranche/messaging';
import { AllocatorFence } from '../offers/allocator-fence.js';
import type { OffersContext } from '../offers-context.js';
import { OFFERS_CONTEXT } from '../tokens.js';
import { offersSnapshot } from './offers-snapshot.js';

/** Answers consumers that start, or have missed a fact. */
@Controller()
export class SnapshotConsumer {
  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(MessageBus) private readonly bus: MessageBus,
    @Inject(AllocatorFence) private readonly fence: AllocatorFence,
  ) {}

  @Handles(OffersSnapshotV1)
  async snapshot(
    { withTasks }: RequestOf<typeof OffersSnapshotV1>,
    { source }: MessageContext,
  ): Promise<OffersSnapshot> {
    this.fence.tookSnapshot(source);
    // Numbers and state are taken in one turn: nothing comes between them.
    return { asOf: this.bus.factNumbers(), ...offersSnapshot(this.context.state, withTasks) };
  }
}
