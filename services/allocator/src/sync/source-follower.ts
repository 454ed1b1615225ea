import type { FactNumbers } from '@tranche/contracts';
import { FactFollower, type MessageContext } from '@tranche/messaging';
import type { Logger } from '@tranche/telemetry';

const RETRY_MS = 200;

/** Takes a snapshot of one source, applies it, and says up to which fact it goes. */
export type TakeSnapshot = () => Promise<FactNumbers>;

/** Keeps in step with the facts of one source: a snapshot at the start and whenever a fact was missed. */
export class SourceFollower {
  private readonly follower = new FactFollower();
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  /** Whether a snapshot has been applied. */
  isCaughtUp = false;

  constructor(
    readonly source: string,
    private readonly takeSnapshot: TakeSnapshot,
    private readonly logger: Logger,
  ) {}

  /** Applies a message of facts, after a snapshot if one is due. @throws when the source does not answer: the message comes again */
  async take(context: MessageContext, apply: () => void): Promise<void> {
    let verdict = this.follower.take(context);
    if (verdict === 'gap') {
      await this.synchronize();
      // Still a gap: it was said in a former life of the source.
      verdict = this.follower.take(context);
    }
    if (verdict === 'apply') apply();
  }

  /** Tries until the source answers. */
  start(): void {
    this.synchronize().catch((error: unknown) => {
      if (this.isStopped) return;
      this.logger.debug('no snapshot yet', { source: this.source, error });
      this.timer = setTimeout(() => this.start(), RETRY_MS);
      this.timer.unref();
    });
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private async synchronize(): Promise<void> {
    const asOf = await this.takeSnapshot();
    this.follower.startFrom(asOf);
    this.isCaughtUp = true;
  }
}
