import {
  type FactNumbers,
  type Partition,
  type PartitionCounts,
  partitionQueueOf,
  partitionsOf,
  type QueryContract,
  queueOfSource,
} from '@tranche/contracts';
import { type CancelTimer, type Logger, type Metrics, systemClock, type TimerClock } from '@tranche/telemetry';
import { askAgain } from './ask-again.js';
import { exposeFactsBehind } from './facts-behind.js';
import { FactFollower, type FactVerdict } from './fact-follower.js';
import type { MessageBus, MessageContext } from './message-bus.js';

/** A snapshot of a large cluster takes its source a while. */
const SNAPSHOT_TIMEOUT_MS = 30_000;
/** How soon a source that did not answer is asked again. */
const RETRY_MS = 200;

/** What a fact did to what is known. `unknown`: it is about something never heard of, so that a snapshot is due. */
export type FactEffect = 'applied' | 'unknown';

export interface Snapshots<Q, S extends { readonly asOf: FactNumbers }> {
  /** The query by which the source tells all it knows. */
  readonly contract: QueryContract<Q, S>;
  readonly request: Q;
  /** Puts the snapshot in the place of everything that came from this partition of the source before. */
  readonly replace: (snapshot: S, partition: Partition) => void;
}

/** An answer of the source, not taken over yet. */
interface FetchedSnapshot {
  /** How far the source had counted. */
  readonly asOf: FactNumbers;
  readonly takeOver: () => void;
}

export interface FollowerParts {
  readonly bus: Pick<MessageBus, 'ask'>;
  readonly logger: Logger;
  /** Default: the machine's. */
  readonly clock?: TimerClock;
  /** Where it is shown how far the follower is behind. Default: nowhere. */
  readonly metrics?: Metrics;
  /** Default: no service is cut. */
  readonly partitions?: PartitionCounts;
}

/**
 * Keeps what is known of one service in step with it: its facts in order, a snapshot at the start and whenever one was missed.
 *
 * Facts come in by `take`, from a consumer's handlers. Each partition of the service is followed by itself: it has its own count of facts,
 * its own lives and its own snapshot.
 */
export class SourceFollower {
  private readonly lanes: readonly Lane[];

  /**
   * @param source name of the service
   * @param fetch asks one partition of the source
   * @param count into how many partitions the source's work is cut
   */
  constructor(
    readonly source: string,
    fetch: (partition: Partition) => Promise<FetchedSnapshot>,
    private readonly logger: Logger,
    clock: TimerClock = systemClock,
    count = 1,
  ) {
    this.lanes = partitionsOf(count).map(
      (partition) => new Lane(partitionQueueOf(source, partition.index), () => fetch(partition), logger, clock),
    );
  }

  /** For readiness: true, or what is waited for. */
  get state(): true | string {
    return this.lanes.map(({ state }) => state).find((state) => state !== true) ?? true;
  }

  /** Shows how far each partition is behind. */
  expose(metrics: Metrics): void {
    for (const lane of this.lanes) exposeFactsBehind(metrics, lane.queue, () => lane.behind);
  }

  /** Whether a queue is one of this source's. */
  follows(queue: string): boolean {
    return this.lanes.some((lane) => lane.queue === queue);
  }

  /**
   * Applies one message of facts, unless a snapshot contains it.
   *
   * @throws what `judge` throws
   */
  async take<I>(
    context: MessageContext,
    items: readonly I[],
    apply: (item: I) => FactEffect | undefined | void,
  ): Promise<void> {
    if ((await this.judge(context)) !== 'apply') return;
    if (items.map(apply).includes('unknown')) await this.laneOf(context)?.synchronize();
  }

  /**
   * Whether a command of the source tells something that its snapshot does not: one that was sent before is contained in it, and one of
   * another life is void, or will be in the snapshot that is due.
   */
  isNews(context: MessageContext): boolean {
    return this.laneOf(context)?.isNews(context) ?? false;
  }

  /**
   * Says what to do with a message of facts, after a snapshot if one is due, and counts it as applied if it says so.
   *
   * @returns `gap` only for what was said in a former life of the source: it holds no longer
   * @throws what asking throws when a snapshot is due and the source does not answer: the message comes again, or the next one is a gap
   */
  async judge(context: MessageContext): Promise<FactVerdict> {
    const lane = this.laneOf(context);
    if (lane !== undefined) return lane.judge(context);
    const { source: sender } = context;
    this.logger.error('a partition is heard that this process knows nothing of: is it told of as many as the others?', {
      sender,
      known: this.lanes.length,
    });
    return 'skip';
  }

  /**
   * Fetches the first snapshots, and goes on trying behind its caller while the source does not answer.
   *
   * @returns after the first attempt, whatever its end
   */
  async start(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.start()));
  }

  /** Asks no more by itself. */
  stop(): void {
    for (const lane of this.lanes) lane.stop();
  }

  private laneOf({ source }: Pick<MessageContext, 'source'>): Lane | undefined {
    const [only, ...more] = this.lanes;
    return more.length === 0 ? only : this.lanes.find(({ queue }) => queue === queueOfSource(source));
  }
}

/** One partition of a source. Everybody who needs a snapshot while one is under way waits for that one. */
class Lane {
  private readonly follower = new FactFollower();
  private synchronizing: Promise<void> | undefined;
  private cancelRetry: CancelTimer | undefined;
  private isStopped = false;
  private hasSnapshot = false;

  constructor(
    readonly queue: string,
    private readonly fetch: () => Promise<FetchedSnapshot>,
    private readonly logger: Logger,
    private readonly clock: TimerClock,
  ) {}

  get state(): true | string {
    return this.hasSnapshot || `waiting for the snapshot of ${this.queue}`;
  }

  get behind(): number {
    return this.follower.behind;
  }

  isNews(context: MessageContext): boolean {
    return this.follower.isNews(context);
  }

  async judge(context: MessageContext): Promise<FactVerdict> {
    const verdict = this.follower.take(context);
    if (verdict !== 'gap') return verdict;
    await this.synchronize();
    return this.follower.take(context);
  }

  async start(): Promise<void> {
    try {
      if (!this.hasSnapshot) await this.synchronize();
    } catch (error) {
      if (this.isStopped) return;
      this.logger.debug('a source does not answer yet', { source: this.queue, error });
      this.cancelRetry = this.clock.after(RETRY_MS, () => void this.start());
    }
  }

  stop(): void {
    this.isStopped = true;
    this.cancelRetry?.();
  }

  synchronize(): Promise<void> {
    this.synchronizing ??= this.replace().finally(() => {
      this.synchronizing = undefined;
    });
    return this.synchronizing;
  }

  private async replace(): Promise<void> {
    const { asOf, takeOver } = await this.fetch();
    // In one go: what is handled in between would be judged by the former numbers.
    takeOver();
    this.follower.startFrom(asOf);
    this.hasSnapshot = true;
  }
}

/** A follower of the service that owns a snapshot query. */
export function followSource<Q, S extends { readonly asOf: FactNumbers }>(
  { contract, request, replace }: Snapshots<Q, S>,
  { bus, logger, clock, metrics, partitions = {} }: FollowerParts,
): SourceFollower {
  const { owner } = contract;
  if (owner === 'agent' || owner === 'each') throw new TypeError(`${contract.pattern}: ${owner} is no source of facts`);
  const fetch = async (partition: Partition): Promise<FetchedSnapshot> => {
    const queue = partitionQueueOf(owner, partition.index);
    const ask = (): Promise<S> => bus.ask(contract, queue, request, { timeoutMs: SNAPSHOT_TIMEOUT_MS });
    const snapshot = await askAgain(ask, clock ?? systemClock);
    return { asOf: snapshot.asOf, takeOver: () => replace(snapshot, partition) };
  };
  const follower = new SourceFollower(owner, fetch, logger, clock, partitions[owner]);
  if (metrics !== undefined) follower.expose(metrics);
  return follower;
}
