/**
 * Which agents have been silent for too long, counted in heartbeat intervals, not in time.
 *
 * Each sweep, once an interval, counts one missed heartbeat for every agent that was not heard since the sweep before. A registry that
 * was itself asleep, on a laptop or behind a stopped broker, runs one sweep late and counts one: it does not give up all agents at once.
 * Silence counts after whole intervals, at the latest one interval more.
 *
 * @source Mesos' `agent_ping_timeout` and `max_agent_ping_timeouts`; the first stage is what Mesos sees at once by a broken connection
 */
export class AgentLiveness {
  /** Whole intervals missed in a row; −1 for an agent that was heard since the last sweep. */
  private readonly missed = new Map<string, number>();

  constructor(
    /** How often each agent sends a heartbeat, and how often to sweep. */
    readonly intervalMs: number,
    private readonly limits: { readonly quietAfter: number; readonly silentAfter: number },
  ) {}

  /** Silence that makes an agent overdue, for people. */
  get timeoutMs(): number {
    return this.intervalMs * this.limits.silentAfter;
  }

  /** Silence after which an agent is taken for disconnected, for people. */
  get quietMs(): number {
    return this.intervalMs * this.limits.quietAfter;
  }

  heard(agentId: string): void {
    this.missed.set(agentId, -1);
  }

  /** It was heard of, and is not overdue. */
  isWatched(agentId: string): boolean {
    return this.missed.has(agentId);
  }

  forget(agentId: string): void {
    this.missed.delete(agentId);
  }

  /** @returns agents that became quiet, and those that are overdue now; each is returned once, overdue ones are no longer watched */
  sweep(): { readonly quiet: readonly string[]; readonly overdue: readonly string[] } {
    const quiet: string[] = [];
    const overdue: string[] = [];
    const { quietAfter, silentAfter } = this.limits;
    for (const [agentId, before] of this.missed) {
      const missed = before + 1;
      if (missed >= silentAfter) overdue.push(agentId);
      else {
        this.missed.set(agentId, missed);
        if (missed === quietAfter) quiet.push(agentId);
      }
    }
    for (const agentId of overdue) this.missed.delete(agentId);
    return { quiet, overdue };
  }
}
