import {
  AllocatorMetricsV1,
  type MesosMetrics,
  OffersMetricsV1,
  type PartitionCounts,
  partitionQueueOf,
  partitionsOf,
  QuotaMetricsV1,
  queueOf,
} from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';

/** A service that is away must not keep a dashboard waiting. */
const TIMEOUT_MS = 1_000;

/** What other services count under Mesos' names. */
export class OtherMetrics {
  constructor(
    private readonly bus: Pick<MessageBus, 'ask'>,
    private readonly partitions: PartitionCounts = {},
  ) {}

  /** Those of partitions, and what several count under one name, are added up. What is away is left out. */
  async read(): Promise<Record<string, number>> {
    const queues = partitionsOf(this.partitions['offers'] ?? 1).map(({ index }) => partitionQueueOf('offers', index));
    const answers = await Promise.all([
      this.told(AllocatorMetricsV1, queueOf('allocator')),
      this.told(QuotaMetricsV1, queueOf('quota')),
      ...queues.map((queue) => this.told(OffersMetricsV1, queue)),
    ]);
    const sums: Record<string, number> = {};
    for (const { metrics } of answers) {
      for (const [name, value] of Object.entries(metrics)) sums[name] = (sums[name] ?? 0) + value;
    }
    return sums;
  }

  private told(contract: typeof OffersMetricsV1, queue: string): Promise<MesosMetrics> {
    return this.bus.ask(contract, queue, {}, { timeoutMs: TIMEOUT_MS }).catch(() => ({ metrics: {} }));
  }
}
