import type { Clock } from '@tranche/telemetry';
import type { AgentCounters } from './agent-counters.js';
import type { AgentLiveness } from './agent-liveness.js';
import type { AgentRoster } from './agent-roster.js';
import { isPresent } from './agent-state.js';
import type { ChangeAgentState } from './change-agent-state.js';
import { RemovalQueue } from './removal/removal-queue.js';

export interface SweepLimits {
  /** After this long from the registry's start a recovered agent that has not registered again is unreachable. */
  readonly reregisterTimeoutMs: number;
  /** Agents that have been away, in any manner, for longer than this are forgotten. */
  readonly retentionMs: number;
  /** Least time from one agent that becomes unreachable to the next; 0: none. */
  readonly removalIntervalMs: number;
}

/** An agent that becomes unreachable when its turn comes. */
interface Removal {
  readonly reason: string;
  /** It has not been heard of in this life of the registry. */
  readonly isRecovered: boolean;
}

/**
 * Looks after agents that say nothing: run once every heartbeat interval.
 *
 * Those that are overdue become unreachable one after the other, at the rate that the operator set: whatever cut them off, most of their
 * tasks run on. One that is heard of while it waits does not.
 */
export class SweepAgents {
  private readonly startedAtMs: number;
  private isRecoveryOver = false;
  private readonly removals: RemovalQueue<Removal>;

  constructor(
    private readonly roster: AgentRoster,
    private readonly liveness: AgentLiveness,
    private readonly changeState: ChangeAgentState,
    private readonly clock: Clock,
    private readonly counters: AgentCounters,
    private readonly limits: SweepLimits,
  ) {
    this.startedAtMs = clock.nowMs();
    this.removals = new RemovalQueue({ intervalMs: limits.removalIntervalMs, maxLagMs: 2 * liveness.intervalMs });
  }

  execute(): void {
    this.giveUpSilent();
    this.giveUpRecovered();
    this.cancelReturned();
    this.removeDue();
    this.quietenWaiting();
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
      const reason = `health check timed out after ${this.liveness.timeoutMs / 1000} s`;
      this.schedule(agentId, { reason, isRecovered: false });
    }
  }

  private giveUpRecovered(): void {
    const { reregisterTimeoutMs } = this.limits;
    if (this.isRecoveryOver || this.clock.nowMs() - this.startedAtMs < reregisterTimeoutMs) return;
    this.isRecoveryOver = true;
    for (const known of [...this.roster.all()]) {
      if (!known.isRecovered) continue;
      const reason = `did not register again within ${reregisterTimeoutMs / 1000} s of the registry's start`;
      this.schedule(known.record.agentId, { reason, isRecovered: true });
    }
  }

  private schedule(agentId: string, removal: Removal): void {
    const state = this.roster.get(agentId)?.record.state;
    if (state === undefined || !isPresent(state)) return;
    if (this.removals.add(agentId, removal)) this.counters.unreachableScheduled++;
  }

  /** It was heard of, has said good-bye, or an operator has said what it is. */
  private cancelReturned(): void {
    for (const [agentId, { isRecovered }] of this.removals.waiting()) {
      const known = this.roster.get(agentId);
      const isAway = known !== undefined && isPresent(known.record.state) && known.isRecovered === isRecovered;
      if (isAway && !this.liveness.isWatched(agentId)) continue;
      this.removals.cancel(agentId);
      this.counters.unreachableCanceled++;
    }
  }

  private removeDue(): void {
    for (const [agentId, { reason, isRecovered }] of this.removals.take(this.clock.nowMs())) {
      const known = this.roster.get(agentId);
      if (known === undefined || this.changeState.execute(known, 'silent', reason) === undefined) {
        this.counters.unreachableCanceled++;
        continue;
      }
      this.counters.unreachable++;
      if (isRecovered) this.counters.unreachableAfterRecovery++;
    }
  }

  /** Who waits gets no offers, also where agents are overdue as soon as they are quiet. Nothing happens to those that are disconnected. */
  private quietenWaiting(): void {
    for (const [agentId, { reason, isRecovered }] of this.removals.waiting()) {
      const known = this.roster.get(agentId);
      if (known !== undefined && !isRecovered) this.changeState.execute(known, 'quiet', reason);
    }
  }

  private forgetOld(): void {
    const oldestMs = this.clock.nowMs() - this.limits.retentionMs;
    for (const { record } of [...this.roster.all()]) {
      if (!isPresent(record.state) && record.stateSinceMs < oldestMs) this.roster.forget(record.agentId);
    }
  }
}
