import type { KillPolicy } from '@tranche/mesos-api';
import { fromMs } from '@tranche/mesos-api';
import type { Clock, Logger } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import type { ExecutorShutdown, KillRequest } from '../checkpoint/record.js';
import { type AgentExecutor, isNestedTask } from '../executors/agent-executor.js';
import type { EndExecutor } from '../executors/end-executor.js';
import type { ResizeExecutor } from '../executors/container/resize-executor.js';
import type { AgentTask } from '../tasks/agent-task.js';
import { graceMs, type KillTask } from '../tasks/kill-task.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import { isTerminal } from '../tasks/task-state.js';
import type { RunGroup } from './run-group.js';

export interface PlayExecutorParts {
  readonly ledger: Ledger;
  readonly killer: KillTask;
  readonly live: LiveContainers;
  readonly resize: ResizeExecutor;
  readonly end: EndExecutor;
  readonly group: RunGroup;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Plays the executor of task groups: each task in a container nested in the executor's.
 *
 * A task that fails or is killed takes the rest of its group with it, one that finishes does not. Groups are independent of one another.
 * The executor ends with its last task.
 *
 * @source executor API §8: default executor
 */
export class PlayExecutor {
  /** Groups that are being brought up, by their ids. */
  private readonly begun = new Set<string>();

  constructor(private readonly parts: PlayExecutorParts) {}

  /** Brings up the groups that wait, once the executor's container runs. Returns at once. */
  proceed(executor: AgentExecutor): void {
    const { ledger, live, logger } = this.parts;
    if (live.phaseOf(executor.containerId) !== 'running' || executor.shutdown !== undefined) return;
    const waiting = ledger.state.tasksOf(executor).filter(({ state }) => state === 'TASK_STAGING');
    const groups = Map.groupBy(waiting, ({ groupId = '' }) => groupId);
    for (const [groupId, tasks] of groups) {
      if (this.begun.has(groupId)) continue;
      this.begun.add(groupId);
      this.bringUp(executor, tasks)
        .catch((error: unknown) => logger.error('task group could not be brought up', { groupId, error }))
        .finally(() => this.begun.delete(groupId));
    }
  }

  /** A scheduler's kill that comes while the task is being killed changes nothing. @throws CheckpointFailedError */
  async kill(task: AgentTask, cause: KillRequest['cause'], policy?: KillPolicy): Promise<void> {
    if (task.kill === undefined || cause !== 'kill') await this.parts.killer.kill(task, cause, policy);
  }

  /** Told of every task that has ended, whoever found out. */
  ended(task: AgentTask): void {
    if (!isNestedTask(task)) return;
    // After everything that ends in the same turn: what is over needs no killing.
    queueMicrotask(() => {
      this.afterEnd(task).catch((error: unknown) => {
        const { frameworkId, taskId, groupId } = task;
        this.parts.logger.warn('end of a task of a group could not be seen to', {
          frameworkId,
          taskId,
          groupId,
          error,
        });
      });
    });
  }

  /** Ends all tasks, and with them the executor, within the time that the shutdown leaves. @throws CheckpointFailedError */
  async endTasks(executor: AgentExecutor, { cause, deadlineMs }: ExecutorShutdown): Promise<void> {
    const { ledger, clock } = this.parts;
    const leftMs = Math.max(0, deadlineMs - clock.nowMs());
    const live = ledger.state.tasksOf(executor).filter(({ state }) => !isTerminal(state));
    const killCause = cause === 'framework-removed' || cause === 'agent-stopping' ? cause : 'kill';
    await Promise.all(
      live.map((task) => {
        const grace_period = fromMs(Math.min(leftMs, graceMs(task.info.kill_policy)));
        return this.parts.killer.kill(task, killCause, { grace_period });
      }),
    );
    if (live.length === 0) await this.endIfIdle(executor);
  }

  /** After a restart of the agent: an executor whose last task ended meanwhile is over. */
  async endIfIdle(executor: AgentExecutor): Promise<void> {
    const { ledger, live, clock, end } = this.parts;
    const { frameworkId, executorId, containerId } = executor;
    if (ledger.state.tasksOf(executor).some(({ state }) => !isTerminal(state))) return;
    if (live.phaseOf(containerId) !== 'running') return;
    if (executor.shutdown === undefined) {
      const shutdown = { cause: 'idle' as const, deadlineMs: clock.nowMs() };
      ledger.note({ kind: 'executor-shutdown', frameworkId, executorId, shutdown });
    }
    await end.settle(executor, { waitStatus: 0 });
  }

  private async bringUp(executor: AgentExecutor, tasks: readonly AgentTask[]): Promise<void> {
    await this.parts.resize.resize(executor);
    await this.parts.group.run(tasks);
  }

  private async afterEnd(task: AgentTask): Promise<void> {
    const { ledger, resize, logger } = this.parts;
    const executor = ledger.state.executor(task.frameworkId, task.executorId ?? '');
    if (executor === undefined || executor.containerId !== task.executorContainerId) return;
    if (task.state !== 'TASK_FINISHED') await this.endGroupOf(executor, task);
    try {
      await resize.resize(executor);
    } catch (error) {
      // A container that is too large harms less than one that is ended for it.
      logger.warn('executor could not be made smaller', { executorId: executor.executorId, error });
    }
    await this.endIfIdle(executor);
  }

  private async endGroupOf(executor: AgentExecutor, { groupId }: AgentTask): Promise<void> {
    const peers = this.parts.ledger.state
      .tasksOf(executor)
      .filter((peer) => peer.groupId === groupId && !isTerminal(peer.state));
    await Promise.all(peers.map((peer) => this.kill(peer, 'group-ended')));
  }
}
