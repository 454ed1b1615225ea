import type { LaunchTasks } from '@tranche/contracts';
import { ATTRIBUTE, type Clock, type Logger, SPAN } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import type { CheckpointRecord } from '../checkpoint/record.js';
import type { LaunchOnExecutor } from '../executors/launch-on-executor.js';
import type { Ids } from '../ids.port.js';
import type { AgentTask } from './agent-task.js';
import type { Capacity } from './capacity.js';
import type { Limiter } from './limiter.js';
import { type LaunchConditions, refuseTask } from './refuse-task.js';
import type { RunContainer } from './run-container.js';
import type { StatusUpdates } from './status-updates.js';
import { inTaskSpan, inTaskTrace, noteOfTask } from './task-trace.js';

export interface LaunchTaskSettings {
  /** Bounds how many containers are brought up at a time. */
  readonly launches: Limiter;
  /** False while the agent stops. */
  readonly takesTasks: () => boolean;
  /** True while an operator empties the agent. */
  readonly isDraining: () => boolean;
  readonly mayRunAs: LaunchConditions['mayRunAs'];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
}

/**
 * Takes tasks over: from the moment it returns, each of them has an answer coming, whatever happens to the agent.
 *
 * A task that cannot run here gets a status that says why. The containers are brought up behind it.
 */
export class LaunchTask {
  constructor(
    private readonly ledger: Ledger,
    private readonly capacity: Capacity,
    private readonly updates: StatusUpdates,
    private readonly containers: RunContainer,
    private readonly onExecutor: LaunchOnExecutor,
    private readonly settings: LaunchTaskSettings,
  ) {}

  /**
   * @param messageId of the message that brought them: a redelivery launches nothing again
   * @returns when the tasks are on disk. @throws CheckpointFailedError
   */
  async launch(requests: readonly LaunchTasks[], messageId: string): Promise<void> {
    this.containers.anticipate();
    await Promise.all(requests.map((request) => inTaskTrace(request, () => this.launchOne(request, messageId))));
  }

  private launchOne(request: LaunchTasks, messageId: string): Promise<void> {
    const { frameworkId, framework: info } = request;
    const { executor } = request.task;
    if (executor !== undefined) {
      return this.onExecutor.launch({ ...request, executor, tasks: [request.task], isGroup: false }, messageId);
    }
    const taskId = request.task.task_id.value;
    const { state } = this.ledger;
    const framework = state.framework(frameworkId);
    if (state.task(frameworkId, taskId) !== undefined || state.wasLaunchedBy(messageId, frameworkId, taskId)) {
      this.settings.logger.info('task is already here', { frameworkId, taskId });
      noteOfTask(SPAN.launch, { ...request, taskId }, { [ATTRIBUTE.duplicate]: true });
      return Promise.resolve();
    }
    if (framework?.removed === true) {
      this.settings.logger.warn('task of a removed framework ignored', { frameworkId, taskId });
      return Promise.resolve();
    }
    const shortage = this.capacity.shortage(request.task);
    const unknownResources = this.capacity.unknown(request.task);
    if (framework === undefined) this.ledger.note({ kind: 'framework', frameworkId, info });
    const safe = this.ledger.record(this.takeOver(request, messageId));
    const task = state.task(frameworkId, taskId);
    if (task === undefined) throw new Error(`task ${frameworkId}/${taskId} was not taken over`);
    const refused = this.refuse(task, request, { shortage, unknownResources });
    if (refused !== undefined) return Promise.all([safe, refused]).then(() => undefined);
    this.bringUp(task);
    return safe;
  }

  private takeOver(request: LaunchTasks, messageId: string): CheckpointRecord {
    const { frameworkId, role, traceId, traceparent, task: info } = request;
    const { ids, clock } = this.settings;
    const taskId = info.task_id.value;
    const containerId = ids.uuid();
    const launchedAtMs = clock.nowMs();
    return {
      kind: 'task',
      launch: {
        ...{ frameworkId, taskId, info, role, traceId, messageId, containerId, launchedAtMs },
        ...(traceparent === undefined ? {} : { traceparent }),
      },
    };
  }

  private refuse(
    task: AgentTask,
    request: LaunchTasks,
    lack: Pick<LaunchConditions, 'shortage' | 'unknownResources'>,
  ): Promise<void> | undefined {
    const refusal = refuseTask(request, {
      agentId: this.ledger.state.agentId ?? '',
      takesTasks: this.settings.takesTasks(),
      isDraining: this.settings.isDraining(),
      mayRunAs: this.settings.mayRunAs,
      diskShortage: this.ledger.shortage,
      ...lack,
    });
    if (refusal === undefined) return undefined;
    const { frameworkId, taskId } = task;
    this.settings.logger.info('task refused', {
      frameworkId,
      taskId,
      reason: refusal.reason,
      message: refusal.message,
    });
    return this.updates.report(task, refusal);
  }

  /** The container is prepared while the task is being written down: nothing of it runs before that is done. */
  private bringUp(task: AgentTask): void {
    const { launches, logger } = this.settings;
    this.capacity.hold(task);
    launches
      .run(() => inTaskSpan(SPAN.launch, task, () => this.containers.run(task)))
      .catch((error: unknown) => {
        const { frameworkId, taskId, containerId } = task;
        logger.error('task could not be brought up', { frameworkId, taskId, containerId, error });
      });
  }
}
