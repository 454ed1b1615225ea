import {
  type Partition,
  partitionQueueOf,
  partitionsOf,
  type YieldedResources,
  type YieldResources,
  YieldResourcesV1,
} from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { Siblings } from './siblings.port.js';

/** Asks the queues of the other partitions. */
export class SiblingsBus implements Siblings {
  constructor(
    private readonly bus: Pick<MessageBus, 'ask'>,
    private readonly own: Partition,
  ) {}

  yield(request: YieldResources): Promise<YieldedResources[]> {
    const others = partitionsOf(this.own.count).filter(({ index }) => index !== this.own.index);
    return Promise.all(
      others.map(({ index }) => this.bus.ask(YieldResourcesV1, partitionQueueOf('offers', index), request)),
    );
  }
}
