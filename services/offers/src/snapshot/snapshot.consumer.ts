import { Controller, Inject } from '@nestjs/common';
import { type OffersSnapshot, OffersSnapshotV1, type RequestOf } from '@tranche/contracts';
import { Handles, MessageBus } from '@tranche/messaging';
import type { OffersContext } from '../offers-context.js';
import { OFFERS_CONTEXT } from '../tokens.js';
import { offersSnapshot } from './offers-snapshot.js';

/** Answers consumers that start, or have missed a fact. */
@Controller()
export class SnapshotConsumer {
  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(MessageBus) private readonly bus: MessageBus,
  ) {}

  @Handles(OffersSnapshotV1)
  async snapshot({ withTasks }: RequestOf<typeof OffersSnapshotV1>): Promise<OffersSnapshot> {
    // Numbers and state are taken in one turn: nothing comes between them.
    return { asOf: this.bus.factNumbers(), ...offersSnapshot(this.context.state, withTasks) };
  }
}
