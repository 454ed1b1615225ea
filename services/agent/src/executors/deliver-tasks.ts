import type { ExecutorEvent } from '@tranche/mesos-api';
import type { Logger } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import type { AgentTask } from '../tasks/agent-task.js';
import type { AgentExecutor } from './agent-executor.js';
import type { ExecutorLinks } from './executor-links.js';
import type { ExecutorTurns } from './executor-turns.js';
import type { ResizeExecutor } from './container/resize-executor.js';
import type { ShutdownExecutor } from './shutdown-executor.js';

/** Hands tasks to their executor: those that wait for it when it subscribes, later ones as they come. */
export class DeliverTasks {
  constructor(
    private readonly ledger: Ledger,
    private readonly links: ExecutorLinks,
    private readonly turns: ExecutorTurns,
    private readonly resize: ResizeExecutor,
    private readonly shutdowns: ShutdownExecutor,
    private readonly logger: Logger,
  ) {}

  /** Returns at once; what waits is delivered in its turn, if the executor listens then. */
  deliver(executor: AgentExecutor): void {
    const { frameworkId, executorId } = executor;
    void this.turns.run(
      executor.containerId,
      () => this.run(executor),
      (error) => this.logger.error('tasks could not be delivered', { frameworkId, executorId, error }),
    );
  }

  private async run(executor: AgentExecutor): Promise<void> {
    if (!this.links.isSubscribed(executor.containerId) || executor.shutdown !== undefined) return;
    if (queuedOf(this.ledger, executor).length === 0) return;
    if (!(await this.makeRoom(executor))) return;
    // Killed meanwhile: those are not queued any more.
    const queued = queuedOf(this.ledger, executor);
    const { frameworkId } = executor;
    await this.ledger.record(...queued.map(({ taskId }) => ({ kind: 'delivered' as const, frameworkId, taskId })));
    for (const event of launchEvents(queued)) this.links.send(executor.containerId, event);
  }

  /** @returns false when the container cannot hold the tasks: it is destroyed. @source Mesos 1.11: container update failed */
  private async makeRoom(executor: AgentExecutor): Promise<boolean> {
    try {
      await this.resize.resize(executor);
      return true;
    } catch (error) {
      const message = `Failed to update resources for container: ${(error as Error).message}`;
      await this.shutdowns.shutdown(executor, 'not-updated', message);
      return false;
    }
  }
}

/** Tasks that wait for their executor, in the order in which they came. */
export const queuedOf = (ledger: Ledger, executor: AgentExecutor): AgentTask[] =>
  ledger.state.tasksOf(executor).filter(({ state, isDelivered }) => state === 'TASK_STAGING' && isDelivered !== true);

/** Single tasks first, then groups, each whole. @source executor API §4: subscription sequence */
export function launchEvents(tasks: readonly AgentTask[]): ExecutorEvent[] {
  const groups = Map.groupBy(
    tasks.filter(({ groupId }) => groupId !== undefined),
    ({ groupId }) => groupId,
  );
  return [
    ...tasks
      .filter(({ groupId }) => groupId === undefined)
      .map(({ info }): ExecutorEvent => ({ type: 'LAUNCH', launch: { task: info } })),
    ...[...groups.values()].map(
      (members): ExecutorEvent => ({
        type: 'LAUNCH_GROUP',
        launch_group: { task_group: { tasks: members.map(({ info }) => info) } },
      }),
    ),
  ];
}
