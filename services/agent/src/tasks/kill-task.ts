import { capabilitiesOf, type KillPolicy, toMs } from '@tranche/mesos-api';
import type { CancelTimer, Logger, TimerClock } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import type { KillRequest } from '../checkpoint/record.js';
import type { Containerizer } from '../containerizer/containerizer.js';
import { type AgentTask, taskKey } from './agent-task.js';
import type { LiveContainers } from './live-containers.js';
import type { StatusUpdates } from './status-updates.js';
import { isTerminal } from './task-state.js';
import { noteKill } from './task-trace.js';

/** Time from SIGTERM to SIGKILL when neither the kill nor the task has one. @source Mesos 1.11: command executor */
export const DEFAULT_GRACE_MS = 3_000;
/** SIGKILL is sent again after this long, in case the first could not be delivered. */
const KILL_AGAIN_MS = 5_000;

/**
 * Ends tasks before their time: SIGTERM, SIGKILL when the grace is over.
 *
 * A task of which nothing has run yet is over at once. A kill is written down before it is carried out, so that it goes on after a
 * restart of the agent, and so that a task that ends by it is TASK_KILLED whenever that is noticed. A later kill shortens the grace,
 * never lengthens it.
 */
export class KillTask {
  private readonly timers = new Map<string, CancelTimer>();

  constructor(
    private readonly ledger: Ledger,
    private readonly containerizer: Containerizer,
    private readonly updates: StatusUpdates,
    private readonly live: LiveContainers,
    private readonly clock: TimerClock,
    private readonly logger: Logger,
  ) {}

  /**
   * @param policy overrides the task's own grace
   * @returns when the kill is on disk and under way; at once for a task that has ended. @throws CheckpointFailedError
   */
  async kill(task: AgentTask, cause: KillRequest['cause'], policy?: KillPolicy): Promise<void> {
    if (isTerminal(task.state)) return;
    const nowMs = this.clock.nowMs();
    const deadlineMs = nowMs + (cause === 'max-completion-time' ? 0 : graceMs(policy ?? task.info.kill_policy));
    const earlier = task.kill;
    if (earlier !== undefined && earlier.deadlineMs <= deadlineMs) return;
    const kill = { cause: earlier?.cause ?? cause, requestedAtMs: earlier?.requestedAtMs ?? nowMs, deadlineMs };
    const { frameworkId, taskId } = task;
    if (this.live.phaseOf(task.containerId) === 'preparing' || task.container === undefined) {
      return this.endBeforeStart(task);
    }
    const safe = this.ledger.record({ kind: 'kill', frameworkId, taskId, kill });
    if (earlier === undefined) {
      noteKill(task, cause);
      this.announce(task, kill);
    }
    await safe;
    // While the process is being started there is nothing to signal; `resume` comes right after.
    if (this.live.phaseOf(task.containerId) !== 'running') return;
    if (earlier === undefined) this.resume(task);
    else this.escalateAt(task, deadlineMs);
  }

  /** Carries out what is left of a task's kill; without one, sees to it that the task ends when its time is up. */
  resume(task: AgentTask): void {
    if (isTerminal(task.state)) return;
    if (task.kill === undefined) return this.awaitCompletionTime(task);
    const { requestedAtMs, deadlineMs } = task.kill;
    this.signal(task, 'SIGTERM');
    // After a restart this may be the first that reaches it, when its time would be over already.
    const leastMs = Math.min(deadlineMs - requestedAtMs, DEFAULT_GRACE_MS);
    this.escalateAt(task, Math.max(deadlineMs, this.clock.nowMs() + leastMs));
  }

  /** The container has ended: nothing is left to be done. */
  settle(task: AgentTask): void {
    this.timers.get(taskKey(task))?.();
    this.timers.delete(taskKey(task));
  }

  private endBeforeStart(task: AgentTask): Promise<void> {
    this.live.abandon(task);
    return this.updates.report(task, {
      state: 'TASK_KILLED',
      source: 'SOURCE_AGENT',
      reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
      message: 'Killed before delivery to the executor',
    });
  }

  private announce(task: AgentTask, kill: KillRequest): void {
    const framework = this.ledger.state.framework(task.frameworkId);
    if (framework === undefined || framework.removed || kill.cause === 'max-completion-time') return;
    if (!capabilitiesOf(framework.info).has('TASK_KILLING_STATE')) return;
    // The kill itself does not wait for this one to be on disk; a failed write ends the agent by itself.
    this.updates.report(task, { state: 'TASK_KILLING', source: 'SOURCE_EXECUTOR' }).catch(() => undefined);
  }

  private escalateAt(task: AgentTask, atMs: number): void {
    this.at(task, atMs, () => {
      this.signal(task, 'SIGKILL');
      this.escalateAt(task, this.clock.nowMs() + KILL_AGAIN_MS);
    });
  }

  /** Sets the task's timer in place of the one it has. */
  private at(task: AgentTask, atMs: number, run: () => void): void {
    this.settle(task);
    this.timers.set(taskKey(task), this.clock.after(Math.max(0, atMs - this.clock.nowMs()), run));
  }

  private signal(task: AgentTask, signal: 'SIGTERM' | 'SIGKILL'): void {
    this.containerizer.kill(task.containerId, signal).catch((error: unknown) => {
      const { taskId, containerId } = task;
      this.logger.error('container could not be signalled', { taskId, containerId, signal, error });
    });
  }

  /** @source Mesos 1.11: max_completion_time counts from TASK_RUNNING and allows no grace */
  private awaitCompletionTime(task: AgentTask): void {
    const allowed = task.info.max_completion_time;
    if (allowed === undefined) return;
    // An agent of before did not keep the time; its tasks had no checks, so that the status was the first.
    const startedS = task.statuses.find(({ state }) => state === 'TASK_RUNNING')?.timestamp;
    const startedMs = task.runningAtMs ?? (startedS === undefined ? this.clock.nowMs() : Number(startedS) * 1000);
    this.at(task, startedMs + toMs(allowed), () => {
      // A failed write ends the agent by itself.
      this.kill(task, 'max-completion-time').catch(() => undefined);
    });
  }
}

/** How long a task is given to end by itself. */
export const graceMs = (policy: KillPolicy | undefined): number =>
  policy?.grace_period === undefined ? DEFAULT_GRACE_MS : Math.max(0, toMs(policy.grace_period));
