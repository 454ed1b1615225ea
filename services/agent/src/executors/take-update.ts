import type { TaskStatus } from '@tranche/mesos-api';
import type { Clock, Logger } from '@tranche/telemetry';
import type { AgentCounts } from '../agent-counts.js';
import type { AgentSelf } from '../agent-self.js';
import type { Ledger } from '../checkpoint/ledger.js';
import type { AgentTask } from '../tasks/agent-task.js';
import { networkInfosOf } from '../tasks/status-change.js';
import type { StatusUpdates } from '../tasks/status-updates.js';
import { isTerminal } from '../tasks/task-state.js';
import type { AgentExecutor } from './agent-executor.js';
import type { ExecutorLinks } from './executor-links.js';
import type { ExecutorTurns } from './executor-turns.js';
import type { ResizeExecutor } from './container/resize-executor.js';

export interface TakeUpdateParts {
  readonly ledger: Ledger;
  readonly updates: StatusUpdates;
  readonly links: ExecutorLinks;
  readonly turns: ExecutorTurns;
  readonly resize: ResizeExecutor;
  readonly self: AgentSelf;
  readonly counts: AgentCounts;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Takes a status update of an executor: on disk, then acknowledged to the executor, then on its way to the framework.
 *
 * A repeated one is acknowledged again and not passed on again. So is one of a task that has ended, or that the agent does not know: the
 * executor would repeat it for ever.
 *
 * @source executor API §2: update handling on the agent
 */
export class TakeUpdate {
  constructor(private readonly parts: TakeUpdateParts) {}

  /** Returns at once: an executor's updates are taken one after the other, in the order in which they came. */
  take(executor: AgentExecutor, status: TaskStatus): void {
    const { frameworkId, executorId } = executor;
    const { turns, logger } = this.parts;
    void turns.run(
      executor.containerId,
      () => this.run(executor, status),
      (error) => logger.warn('update of an executor was not taken', { frameworkId, executorId, error }),
    );
  }

  private async run(executor: AgentExecutor, status: TaskStatus): Promise<void> {
    const { ledger, resize, updates, counts, logger } = this.parts;
    const { state } = ledger;
    const { frameworkId, executorId } = executor;
    const taskId = status.task_id.value;
    const framework = state.framework(frameworkId);
    const isForeign = status.agent_id !== undefined && status.agent_id.value !== state.agentId;
    if (framework === undefined || framework.removed || isForeign) {
      counts.invalidStatusUpdates += 1;
      logger.warn('update of an executor ignored', { frameworkId, executorId, taskId, state: status.state });
      return;
    }
    const task = state.task(frameworkId, taskId);
    const isOurs = task?.executorContainerId === executor.containerId;
    const { uuid = '' } = status;
    if (!isOurs || isTerminal(task.state) || task.receivedUuids?.includes(uuid) === true) {
      counts.validStatusUpdates += 1;
      await ledger.record();
      return this.acknowledge(executor, taskId, uuid);
    }
    // Before anybody gets what the task held, the container must do without.
    if (isTerminal(status.state)) await this.shrink(resize, executor, taskId);
    await updates.forward(task, completed(task, status, { agentId: state.agentId ?? '', executor, ...this.parts }));
    this.acknowledge(executor, taskId, uuid);
  }

  private acknowledge({ containerId }: AgentExecutor, taskId: string, uuid: string): void {
    this.parts.links.send(containerId, {
      type: 'ACKNOWLEDGED',
      acknowledged: { task_id: { value: taskId }, uuid },
    });
  }

  /** A container that is too large harms less than an update that is not passed on. */
  private async shrink(resize: ResizeExecutor, executor: AgentExecutor, taskId: string): Promise<void> {
    try {
      await resize.resize(executor, taskId);
    } catch (error) {
      this.parts.logger.warn('executor could not be made smaller', { executorId: executor.executorId, taskId, error });
    }
  }
}

/** The status with everything that an executor may leave out, and with what the agent knows of the container. */
function completed(
  task: AgentTask,
  status: TaskStatus,
  of: { readonly agentId: string; readonly executor: AgentExecutor; readonly self: AgentSelf; readonly clock: Clock },
): TaskStatus {
  const { executor } = of;
  const given = status.container_status;
  const pid = executor.container?.pid;
  return {
    ...status,
    agent_id: { value: of.agentId },
    executor_id: { value: executor.executorId },
    timestamp: status.timestamp ?? of.clock.nowMs() / 1000,
    container_status: {
      container_id: { value: task.containerId },
      ...(pid === undefined ? {} : { executor_pid: pid }),
      ...given,
      network_infos:
        given?.network_infos !== undefined && given.network_infos.length > 0
          ? given.network_infos
          : networkInfosOf(of.self.ip),
    },
  };
}
