import type { KillPolicy } from '@tranche/mesos-api';
import type { Clock, Logger } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import type { KillRequest } from '../checkpoint/record.js';
import type { AgentTask } from '../tasks/agent-task.js';
import type { StatusUpdates } from '../tasks/status-updates.js';
import { isTerminal } from '../tasks/task-state.js';
import { noteKill } from '../tasks/task-trace.js';
import type { AgentExecutor } from './agent-executor.js';
import { queuedOf } from './deliver-tasks.js';
import type { ExecutorLinks } from './executor-links.js';
import type { ExecutorTurns } from './executor-turns.js';
import type { ShutdownExecutor } from './shutdown-executor.js';

/**
 * Kills tasks that a process of their framework runs: it is told, and does it.
 *
 * A task that has not been delivered is over at once, with its whole group; an executor that is left without ever having had a task is
 * shut down. A kill is written down, so that an executor that was not listening is told when it comes back.
 *
 * @source Mesos 1.11 behaviour: kill
 */
export class KillOnExecutor {
  constructor(
    private readonly ledger: Ledger,
    private readonly updates: StatusUpdates,
    private readonly links: ExecutorLinks,
    private readonly turns: ExecutorTurns,
    private readonly shutdowns: ShutdownExecutor,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** @returns when it is on disk and under way. @throws CheckpointFailedError */
  async kill(task: AgentTask, cause: KillRequest['cause'], policy?: KillPolicy): Promise<void> {
    if (isTerminal(task.state)) return;
    const executor = this.ledger.state.executor(task.frameworkId, task.executorId ?? '');
    if (executor === undefined) return;
    if (task.isDelivered !== true) return this.endQueued(executor, task);
    const { frameworkId, taskId } = task;
    const nowMs = this.clock.nowMs();
    const kill = { cause, requestedAtMs: nowMs, deadlineMs: nowMs, ...(policy === undefined ? {} : { policy }) };
    if (task.kill === undefined) noteKill(task, cause);
    await this.ledger.record({ kind: 'kill', frameworkId, taskId, kill });
    this.tell(executor, task);
  }

  /** Tells an executor that has come back which of its tasks are to end. */
  repeat(executor: AgentExecutor): void {
    for (const task of this.ledger.state.tasksOf(executor)) {
      if (task.kill !== undefined && !isTerminal(task.state)) this.tell(executor, task);
    }
  }

  private tell(executor: AgentExecutor, { taskId, kill }: AgentTask): void {
    const { containerId, frameworkId, executorId } = executor;
    void this.turns.run(
      containerId,
      async () => {
        const policy = kill?.policy === undefined ? {} : { kill_policy: kill.policy };
        this.links.send(containerId, { type: 'KILL', kill: { task_id: { value: taskId }, ...policy } });
      },
      (error) => this.logger.error('kill could not be delivered', { frameworkId, executorId, taskId, error }),
    );
  }

  private async endQueued(executor: AgentExecutor, task: AgentTask): Promise<void> {
    const doomed =
      task.groupId === undefined
        ? [task]
        : queuedOf(this.ledger, executor).filter(({ groupId }) => groupId === task.groupId);
    const reports = doomed.map((member) =>
      this.updates.report(member, {
        state: 'TASK_KILLED',
        source: 'SOURCE_AGENT',
        reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
        message: 'Killed before delivery to the executor',
      }),
    );
    await Promise.all(reports);
    if (isUnused(this.ledger, executor)) await this.shutdowns.shutdown(executor, 'unused');
  }
}

/** Whether an executor was never sent a task and none waits for it. */
export function isUnused(ledger: Ledger, executor: AgentExecutor): boolean {
  const framework = ledger.state.framework(executor.frameworkId);
  const tasks = [...(framework?.tasks.values() ?? []), ...(framework?.completed ?? [])].filter(
    ({ executorContainerId }) => executorContainerId === executor.containerId,
  );
  return tasks.every(({ isDelivered, state }) => isDelivered !== true && isTerminal(state));
}
