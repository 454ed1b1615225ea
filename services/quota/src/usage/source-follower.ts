import type { FactNumbers } from '@tranche/contracts';
import { FactFollower, type MessageContext } from '@tranche/messaging';
import type { FactEffect } from './role-usage.js';

/** Keeps what is known of one source in step with it: facts in order, a snapshot at the start and whenever one was missed. */
export class SourceFollower {
  private readonly follower = new FactFollower();
  private synchronizing: Promise<void> | undefined;
  private snapshots = 0;

  /**
   * @param source name for people
   * @param takeSnapshot asks the source, takes over its answer, and says how far that had counted
   */
  constructor(
    readonly source: string,
    private readonly takeSnapshot: () => Promise<FactNumbers>,
  ) {}

  get isFilled(): boolean {
    return this.snapshots > 0;
  }

  /** Applies one message of facts. @throws when a snapshot is due and the source does not answer; the message comes again */
  async take<I>(context: MessageContext, items: readonly I[], apply: (item: I) => FactEffect): Promise<void> {
    let verdict = this.follower.take(context);
    if (verdict === 'gap') {
      await this.synchronize();
      // Still a gap: it was said in a former life of the source.
      verdict = this.follower.take(context);
    }
    if (verdict !== 'apply') return;
    if (items.map(apply).includes('unknown')) await this.synchronize();
  }

  /** Starts from a snapshot; who calls while one is under way waits for that one. @throws when the source does not answer */
  synchronize(): Promise<void> {
    this.synchronizing ??= this.replace().finally(() => {
      this.synchronizing = undefined;
    });
    return this.synchronizing;
  }

  private async replace(): Promise<void> {
    this.follower.startFrom(await this.takeSnapshot());
    this.snapshots++;
  }
}
