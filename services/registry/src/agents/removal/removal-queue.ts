/** How fast what waits may go. */
export interface RemovalPace {
  /** Least time from one to the next; 0: there is no limit. */
  readonly intervalMs: number;
  /** Nobody asks for longer than this only if he was asleep: what could have gone meanwhile does not go at once. */
  readonly maxLagMs: number;
}

/**
 * Agents that are to be given up, in the order in which they were found to be away, let through one at a time.
 *
 * The first one goes at once. A network that is cut takes many agents with it: so their tasks are not all given up before somebody can look.
 *
 * @typeParam R what else is kept of each, for whoever gives it up
 */
export class RemovalQueue<R> {
  private readonly removals = new Map<string, R>();
  private nextAtMs = Number.NEGATIVE_INFINITY;
  /** Nobody waited when it was last asked: what could have gone since is not saved up. */
  private wasIdle = true;

  constructor(private readonly pace: RemovalPace) {}

  /** How many wait. */
  get size(): number {
    return this.removals.size;
  }

  /** A copy: the caller may cancel on the way. */
  waiting(): (readonly [agentId: string, removal: R])[] {
    return [...this.removals];
  }

  /** @returns false: it waits already, at its place */
  add(agentId: string, removal: R): boolean {
    if (this.removals.has(agentId)) return false;
    this.removals.set(agentId, removal);
    return true;
  }

  cancel(agentId: string): void {
    this.removals.delete(agentId);
  }

  /** @returns those that may go now; they wait no longer */
  take(nowMs: number): (readonly [agentId: string, removal: R])[] {
    const { intervalMs, maxLagMs } = this.pace;
    const earliestMs = this.wasIdle ? nowMs : nowMs - maxLagMs;
    // Never further off than one interval: a clock that was set back holds nobody up.
    this.nextAtMs = Math.min(Math.max(this.nextAtMs, earliestMs), nowMs + intervalMs);
    const taken: (readonly [string, R])[] = [];
    for (const removal of this.removals) {
      if (this.nextAtMs > nowMs) break;
      taken.push(removal);
      this.nextAtMs += intervalMs;
    }
    for (const [agentId] of taken) this.removals.delete(agentId);
    this.wasIdle = this.removals.size === 0;
    return taken;
  }
}
