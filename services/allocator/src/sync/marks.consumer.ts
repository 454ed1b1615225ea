import { Controller, Inject } from '@nestjs/common';
import {
  type PassMark,
  PassMarkV1,
  type PartitionCounts,
  partitionQueueOf,
  partitionsOf,
  StateMarkV1,
} from '@tranche/contracts';
import { Handles, MessageBus } from '@tranche/messaging';
import { PARTITIONS } from '../tokens.js';

/** Sends marks on, behind all that was decided before: what `quota` has stated before a mark has been heard when the mark comes. */
@Controller()
export class MarksConsumer {
  constructor(
    @Inject(MessageBus) private readonly bus: Pick<MessageBus, 'send'>,
    @Inject(PARTITIONS) private readonly partitions: PartitionCounts,
  ) {}

  /** @throws what sending throws: the marks come again */
  @Handles(PassMarkV1)
  async passMarks(items: PassMark[]): Promise<void> {
    const queues = partitionsOf(this.partitions.offers ?? 1).map(({ index }) => partitionQueueOf('offers', index));
    await Promise.all(queues.map((queue) => this.bus.send(StateMarkV1, queue, items)));
  }
}
