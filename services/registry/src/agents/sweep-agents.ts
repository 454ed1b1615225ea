import type { Clock } from '@tranche/telemetry';
import type { AgentCounters } from './agent-counters.js';
import type { AgentLiveness } from './agent-liveness.js';
import type { AgentRoster } from './agent-roster.js';
import { isPresent } from './agent-state.js';
import type { ChangeAgentState } from './change-agent-state.js';

export interface SweepLimits {
  /** After this long from the registry's start a recovered agent that has not registered again is unreachable. */
  readonly reregisterTimeoutMs: number;
  /** Agents that have been away, in any manner, for longer than this are forgotten. */
  readonly retentionMs: number;
}

/** Looks after agents that say nothing: run once every heartbeat interval. */
export class SweepAgents {
  private readonly startedAtMs: number;
  private isRecoveryOver = false;

  constructor(
    private readonly roster: AgentRoster,
    private readonly liveness: AgentLiveness,
    private readonly changeState: ChangeAgentState,
    private readonly clock: Clock,
    private readonly counters: AgentCounters,
    private readonly limits: SweepLimits,
  ) {
    this.startedAtMs = clock.nowMs();
  }

  execute(): void {
    this.giveUpSilent();
    this.giveUpRecovered();
    this.forgetOld();
  }

  private giveUpSilent(): void {
    const { quiet, overdue } = this.liveness.sweep();
    for (const agentId of quiet) {
      const known = this.roster.get(agentId);
      const reason = `no heartbeat for ${this.liveness.quietMs / 1000} s`;
      if (known !== undefined) this.changeState.execute(known, 'quiet', reason);
    }
    for (const agentId of overdue) {
      const known = this.roster.get(agentId);
      if (known === undefined) continue;
      const reason = `health check timed out after ${this.liveness.timeoutMs / 1000} s`;
      if (this.changeState.execute(known, 'silent', reason) !== undefined) this.counters.unreachable++;
    }
  }

  private giveUpRecovered(): void {
    const { reregisterTimeoutMs } = this.limits;
    if (this.isRecoveryOver || this.clock.nowMs() - this.startedAtMs < reregisterTimeoutMs) return;
    this.isRecoveryOver = true;
    for (const known of [...this.roster.all()]) {
      if (!known.isRecovered) continue;
      const reason = `did not register again within ${reregisterTimeoutMs / 1000} s of the registry's start`;
      if (this.changeState.execute(known, 'silent', reason) === undefined) continue;
      this.counters.unreachable++;
      this.counters.unreachableAfterRecovery++;
    }
  }

  private forgetOld(): void {
    const oldestMs = this.clock.nowMs() - this.limits.retentionMs;
    for (const { record } of [...this.roster.all()]) {
      if (!isPresent(record.state) && record.stateSinceMs < oldestMs) this.roster.forget(record.agentId);
    }
  }
}
