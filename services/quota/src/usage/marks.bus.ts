import { randomUUID } from 'node:crypto';
import {
  type MarkStated,
  PassMarkV1,
  type PartitionCounts,
  partitionQueueOf,
  partitionsOf,
  queueOf,
  StateMarkV1,
} from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { Logger, TimerClock } from '@tranche/telemetry';
import type { Marks } from './marks.port.js';

/** A mark takes some milliseconds; who sets a quota does not wait for a service that is away, whose next life begins with what is set by then. */
const PATIENCE_MS = 2_000;

interface OpenMark {
  /** Partitions that have not stated it. */
  readonly missing: Set<number>;
  readonly arrived: PromiseWithResolvers<boolean>;
}

/** Sends marks and hears them come back. */
export class MarksBus implements Marks {
  private readonly open = new Map<string, OpenMark>();
  private readonly partitions: readonly number[];

  constructor(
    private readonly bus: Pick<MessageBus, 'send'>,
    private readonly clock: TimerClock,
    private readonly logger: Logger,
    counts: PartitionCounts = {},
  ) {
    this.partitions = partitionsOf(counts.offers ?? 1).map(({ index }) => index);
  }

  throughOffers(): Promise<void> {
    const queues = this.partitions.map((index) => partitionQueueOf('offers', index));
    return this.awaited('offers', (mark) =>
      Promise.all(queues.map((queue) => this.bus.send(StateMarkV1, queue, [{ mark }]))),
    );
  }

  throughAllocator(): Promise<void> {
    return this.awaited('allocator', (mark) => this.bus.send(PassMarkV1, queueOf('allocator'), [{ mark }]));
  }

  /** A partition has come to a mark, and all that it had stated before is known. */
  stated({ mark, partition }: MarkStated): void {
    const open = this.open.get(mark);
    if (open === undefined) return;
    open.missing.delete(partition);
    if (open.missing.size === 0) open.arrived.resolve(true);
  }

  private async awaited(way: string, send: (mark: string) => Promise<unknown>): Promise<void> {
    const mark = randomUUID();
    const arrived = Promise.withResolvers<boolean>();
    this.open.set(mark, { missing: new Set(this.partitions), arrived });
    const cancel = this.clock.after(PATIENCE_MS, () => arrived.resolve(false));
    try {
      await send(mark);
      if (!(await arrived.promise)) this.logger.warn('a service is not waited for any longer', { way });
    } catch (error) {
      this.logger.warn('a service cannot be waited for', { way, error });
    } finally {
      cancel();
      this.open.delete(mark);
    }
  }
}
