import { OffersSnapshotV1, queueOf } from '@tranche/contracts';
import { FactFollower, type MessageBus, type MessageContext } from '@tranche/messaging';
import type { ClusterModel, FactEffect } from './cluster-model.js';

/** A snapshot of a large cluster takes `offers` a while. */
const SNAPSHOT_TIMEOUT_MS = 30_000;

/** Keeps the model in step with `offers`: facts in order, a snapshot at the start and whenever one was missed. */
export class OffersFollower {
  private readonly follower = new FactFollower();
  private synchronizing: Promise<void> | undefined;
  /** Snapshots taken so far. */
  snapshots = 0;

  constructor(
    private readonly model: ClusterModel,
    private readonly bus: Pick<MessageBus, 'ask'>,
  ) {}

  /** Applies one message of facts. @throws when a snapshot is due and `offers` does not answer; the message comes again */
  async take<I>(context: MessageContext, items: readonly I[], apply: (item: I) => FactEffect): Promise<void> {
    let verdict = this.follower.take(context);
    if (verdict === 'gap') {
      await this.synchronize();
      // Still a gap: it was said in a former life of `offers`.
      verdict = this.follower.take(context);
    }
    if (verdict !== 'apply') return;
    const effects = items.map(apply);
    if (effects.includes('unknown')) await this.synchronize();
  }

  /** Starts from a snapshot; who calls while one is under way waits for that one. @throws when `offers` does not answer */
  synchronize(): Promise<void> {
    this.synchronizing ??= this.replace().finally(() => {
      this.synchronizing = undefined;
    });
    return this.synchronizing;
  }

  private async replace(): Promise<void> {
    const options = { timeoutMs: SNAPSHOT_TIMEOUT_MS };
    const snapshot = await this.bus.ask(OffersSnapshotV1, queueOf('offers'), { withTasks: true }, options);
    this.model.replace(snapshot);
    this.follower.startFrom(snapshot.asOf);
    this.snapshots++;
  }
}
