import { AgentRefusedError, type RunningAgent } from '@tranche/agent';

/** Why an agent does not go on: it was stopped, or cannot. */
export type MemberEnd = { readonly cause: 'stopped' } | { readonly cause: 'failed'; readonly error: Error };

/** What an agent of a cluster in one process comes to. */
export type MemberChange = { readonly kind: 'refused'; readonly reason: string } | { readonly kind: 'back' };

/**
 * An agent of a cluster in one process. One that the cluster does not take, because its machine is down for maintenance or it was declared gone, asks again
 * after `againMs`: the first is taken again some day, the other is not, and costs little.
 */
export class MemberAgent {
  private readonly settled = Promise.withResolvers<MemberEnd>();
  private life: RunningAgent | undefined;
  private lastRefusal: string | undefined;
  private underWay: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  /** @param begin starts one life of it @param onChange told from its first life on, of each refusal once */
  constructor(
    private readonly begin: () => Promise<RunningAgent>,
    private readonly againMs: number,
    private readonly onChange: (change: MemberChange) => void,
  ) {}

  /** Settles when it does not go on. */
  get ended(): Promise<MemberEnd> {
    return this.settled.promise;
  }

  /** What it is now; undefined while the cluster does not take it. */
  get running(): RunningAgent | undefined {
    return this.life;
  }

  /** Why the cluster does not take it; undefined while it does. */
  get refusal(): string | undefined {
    return this.lastRefusal;
  }

  /** @returns when it runs, or the cluster has refused it @throws whatever else keeps it from starting */
  async start(): Promise<void> {
    try {
      this.follow(await this.begin());
    } catch (error) {
      if (!(error instanceof AgentRefusedError)) throw error;
      this.lastRefusal = error.reason;
      this.later();
    }
  }

  /** With `killTasks` it ends its tasks; without, they run on and are found at the next start. Idempotent. */
  async stop({ killTasks }: { readonly killTasks: boolean }): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    await this.underWay;
    await this.life?.stop({ killTasks });
    this.settled.resolve({ cause: 'stopped' });
  }

  private follow(life: RunningAgent): void {
    this.life = life;
    void life.ended.then((end) => {
      this.life = undefined;
      if (end.cause === 'failed') this.settled.resolve(end);
      else if (end.cause === 'refused' && !this.isStopping) this.refused(end.reason);
      else this.settled.resolve({ cause: 'stopped' });
    });
  }

  private refused(reason: string): void {
    if (reason !== this.lastRefusal) this.onChange({ kind: 'refused', reason });
    this.lastRefusal = reason;
    this.later();
  }

  private later(): void {
    this.timer = setTimeout(() => {
      this.underWay = this.again();
    }, this.againMs);
  }

  private async again(): Promise<void> {
    try {
      const life = await this.begin();
      this.lastRefusal = undefined;
      this.follow(life);
      this.onChange({ kind: 'back' });
    } catch (error) {
      if (error instanceof AgentRefusedError) this.refused(error.reason);
      else this.settled.resolve({ cause: 'failed', error: error as Error });
    }
  }
}
