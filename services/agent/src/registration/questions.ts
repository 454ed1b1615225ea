import { queueOfSource } from '@tranche/contracts';

/**
 * Who has asked this agent to tell what it runs: the newest life of each queue.
 *
 * The agent's queue is handled in order. So what that life and those before it had sent when it asked is part of what the agent tells afterwards.
 */
export class Questions {
  private readonly newest = new Map<string, string>();
  private told = true;

  /** @param source the life that asks, `offers/1f6c…` */
  note(source: string): void {
    this.newest.set(queueOfSource(source), source);
    this.told = false;
  }

  /** @returns the lives whose question is answered by what the agent tells now */
  tell(): string[] {
    this.told = true;
    return [...this.newest.values()];
  }

  /** Whether nobody has asked since the agent last told. */
  get areTold(): boolean {
    return this.told;
  }
}
