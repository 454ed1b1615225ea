/**
 * Which agents have been silent for too long, counted in heartbeat intervals, not in time.
 *
 * Each sweep, once an interval, counts one missed heartbeat for every agent that was not heard since the sweep before. A registry that
 * was itself asleep, on a laptop or behind a stopped broker, runs one sweep late and counts one: it does not give up all agents at once.
 * An agent is overdue after `maxMissed` whole intervals of silence, at the latest one interval more.
 *
 * @source Mesos' `agent_ping_timeout` (15 s) and `max_agent_ping_timeouts` (5)
 */
export class AgentLiveness {
  /** Whole intervals missed in a row; −1 for an agent that was heard since the last sweep. */
  private readonly missed = new Map<string, number>();

  constructor(
    /** How often each agent sends a heartbeat, and how often to sweep. */
    readonly intervalMs: number,
    private readonly maxMissed: number,
  ) {}

  /** Silence that makes an agent overdue, for people. */
  get timeoutMs(): number {
    return this.intervalMs * this.maxMissed;
  }

  heard(agentId: string): void {
    this.missed.set(agentId, -1);
  }

  forget(agentId: string): void {
    this.missed.delete(agentId);
  }

  /** @returns agents that are overdue now; each is returned once and no longer watched */
  sweep(): string[] {
    const overdue: string[] = [];
    for (const [agentId, missed] of this.missed) {
      if (missed + 1 >= this.maxMissed) overdue.push(agentId);
      else this.missed.set(agentId, missed + 1);
    }
    for (const agentId of overdue) this.missed.delete(agentId);
    return overdue;
  }
}
