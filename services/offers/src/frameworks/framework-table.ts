import type { Framework } from './framework.js';

/**
 * All frameworks: those that may be subscribed, and the completed ones, oldest first, up to a bound.
 */
export class FrameworkTable {
  private readonly live = new Map<string, Framework>();
  private readonly done = new Map<string, Framework>();

  /** @param maxCompleted how many completed frameworks are remembered; a scheduler with one of their ids is refused */
  constructor(private readonly maxCompleted: number) {}

  get(frameworkId: string): Framework | undefined {
    return this.live.get(frameworkId);
  }

  completed(frameworkId: string): Framework | undefined {
    return this.done.get(frameworkId);
  }

  add(framework: Framework): void {
    this.live.set(framework.frameworkId, framework);
  }

  /** @returns completed frameworks that are forgotten to make room */
  complete(framework: Framework): Framework[] {
    this.live.delete(framework.frameworkId);
    this.done.set(framework.frameworkId, framework);
    const forgotten: Framework[] = [];
    for (const oldest of this.done.values()) {
      if (this.done.size <= this.maxCompleted) break;
      this.done.delete(oldest.frameworkId);
      forgotten.push(oldest);
    }
    return forgotten;
  }

  forget(frameworkId: string): void {
    this.done.delete(frameworkId);
  }

  /** Subscribed, disconnected and recovered ones, in the order of their first subscription. */
  all(): IterableIterator<Framework> {
    return this.live.values();
  }

  allCompleted(): IterableIterator<Framework> {
    return this.done.values();
  }
}
