import { type ReplicaSeen, ReplicaSeenV1 } from '@tranche/contracts';
import { type CancelTimer, type Logger, systemClock, type TimerClock } from '@tranche/telemetry';
import type { MessageBus } from '../message-bus.js';
import type { ServiceHost } from '../service-host.js';
import { surplusOf } from './share-out.js';

/** How often a replica says that it lives, where others share work with it. */
const INTERVAL_MS = 1_000;
/** The same where one of them does all: nobody acts upon it, it only shows who is there. */
const ALONE_INTERVAL_MS = 10_000;
/** A replica that was not heard for so long counts no more. */
const LOST_AFTER_MS = 4_000;
/** After shares have changed nobody gives anything up for so long: all have heard of it by then. */
const SETTLING_MS = 3_000;

export interface ReplicaWatchParts {
  readonly service: string;
  readonly replicaId: string;
  /** Into how many partitions the service is cut. */
  readonly count: number;
  readonly bus: Pick<MessageBus, 'publish'>;
  readonly logger: Logger;
  /** Indexes of the partitions that this replica works on now. */
  readonly owned: () => readonly number[];
  /** Gives a partition to the next in its line. */
  readonly release: (index: number) => Promise<void>;
  readonly clock?: TimerClock;
}

/**
 * Keeps the work shared among the replicas of a service: each says what it works on, and who has too much gives some of it up.
 *
 * The broker gives all partitions to whoever comes first, and moves none by itself when others come.
 */
export class ReplicaWatch {
  private readonly others = new Map<string, ReplicaSeen & { readonly atMs: number }>();
  private readonly clock: TimerClock;
  private cancel: CancelTimer | undefined;
  private isReleasing = false;
  private shown = '';
  private changedMs = 0;

  constructor(private readonly parts: ReplicaWatchParts) {
    this.clock = parts.clock ?? systemClock;
  }

  /** For readiness: true, or what is wrong. */
  get state(): true | string {
    const { count } = this.parts;
    const wrong = [...this.others.values()].find(({ partitions }) => partitions !== count);
    if (wrong === undefined) return true;
    return `replica ${wrong.replicaId} counts ${wrong.partitions} partitions, this one ${count}`;
  }

  /** What the process depends on, as it says itself. */
  readiness(host: Pick<ServiceHost, 'readiness'>): Record<string, true | string> {
    return { ...host.readiness(), ...(this.parts.count === 1 ? {} : { partitions: this.state }) };
  }

  start(): void {
    this.tick();
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  /** Another replica, or this one itself, has said what it works on. */
  heard(items: readonly ReplicaSeen[]): void {
    const { service, replicaId, count, logger } = this.parts;
    if (count === 1) return;
    for (const item of items) {
      if (item.service !== service || item.replicaId === replicaId) continue;
      if (item.partitions !== count && !this.others.has(item.replicaId)) {
        logger.error('a replica is told of another number of partitions', { ...item, own: count });
      }
      this.others.set(item.replicaId, { ...item, atMs: this.clock.nowMs() });
    }
  }

  private tick(): void {
    const { service, replicaId, count, bus, owned } = this.parts;
    bus.publish(ReplicaSeenV1, [{ service, replicaId, partitions: count, owned: [...owned()] }]);
    this.cancel = this.clock.after(count === 1 ? ALONE_INTERVAL_MS : INTERVAL_MS, () => this.tick());
    if (count === 1) return;
    const nowMs = this.clock.nowMs();
    for (const [id, { atMs }] of this.others) if (nowMs - atMs > LOST_AFTER_MS) this.others.delete(id);
    this.noteShares(nowMs);
    if (nowMs - this.changedMs >= SETTLING_MS) this.shareOut();
  }

  private noteShares(nowMs: number): void {
    const shares = [...this.others.values()].map(({ replicaId, owned }) => `${replicaId} ${owned.join()}`);
    const shown = JSON.stringify([this.parts.owned(), shares.toSorted()]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.changedMs = nowMs;
  }

  private shareOut(): void {
    const { replicaId, count, owned, release, logger } = this.parts;
    const others = [...this.others.values()];
    if (this.isReleasing || this.state !== true) return;
    const index = surplusOf({ replicaId, owned: owned() }, others, count);
    if (index === undefined) return;
    logger.info('a partition is given up: others work on fewer', { partition: index, owned: owned() });
    this.isReleasing = true;
    release(index)
      .catch((error: unknown) => logger.warn('a partition could not be given up', { partition: index, error }))
      .finally(() => {
        this.isReleasing = false;
      });
  }
}
