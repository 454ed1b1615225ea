import type { ExecutorInfo, FrameworkInfo, TaskInfo } from '@tranche/mesos-api';
import type { Clock, Logger } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import type { CheckpointRecord, ExecutorLaunch } from '../checkpoint/record.js';
import type { Ids } from '../ids.port.js';
import type { Capacity } from '../tasks/capacity.js';
import type { Limiter } from '../tasks/limiter.js';
import { type LaunchConditions, refuseTask } from '../tasks/refuse-task.js';
import type { StatusChange } from '../tasks/status-change.js';
import type { StatusUpdates } from '../tasks/status-updates.js';
import { dropTask } from '../tasks/task-end.js';
import { inTaskTrace } from '../tasks/task-trace.js';
import { type AgentExecutor, isDefaultExecutor } from './agent-executor.js';

/** Tasks that are to run on an executor: one, or a group that runs as a whole or not at all. */
export interface ExecutorTasks {
  readonly frameworkId: string;
  readonly framework: FrameworkInfo;
  readonly executor: ExecutorInfo;
  readonly tasks: readonly TaskInfo[];
  readonly isGroup: boolean;
  readonly role: string;
  readonly traceId: string;
  /** Of the launch, for the spans of what happens to the tasks. */
  readonly traceparent?: string;
}

export interface LaunchOnExecutorParts {
  readonly ledger: Ledger;
  readonly capacity: Capacity;
  readonly updates: StatusUpdates;
  /** Brings up the container of an executor; what waits for it begins by itself then. */
  readonly run: (executor: AgentExecutor) => Promise<void>;
  /** Goes on with the tasks that wait for an executor that is there. */
  readonly proceed: (executor: AgentExecutor) => void;
  /** Bounds how many containers are brought up at a time. */
  readonly launches: Limiter;
  /** False while the agent stops. */
  readonly takesTasks: () => boolean;
  readonly isDraining: () => boolean;
  readonly mayRunAs: LaunchConditions['mayRunAs'];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
}

const ofGroup = (refusal: StatusChange): StatusChange =>
  refusal.reason === 'REASON_TASK_UNAUTHORIZED' ? { ...refusal, reason: 'REASON_TASK_GROUP_UNAUTHORIZED' } : refusal;

const INVALID = { state: 'TASK_ERROR', source: 'SOURCE_AGENT', reason: 'REASON_TASK_INVALID' } as const;

const hasPersistentVolume = ({ resources }: TaskInfo): boolean =>
  (resources ?? []).some(({ disk }) => disk?.persistence !== undefined);

/** Takes over tasks that have an executor, and the executor with the first of them. From then on each has an answer coming. */
export class LaunchOnExecutor {
  constructor(private readonly parts: LaunchOnExecutorParts) {}

  /**
   * @param messageId of the message that brought them: a redelivery launches nothing again
   * @returns when the tasks are on disk. @throws CheckpointFailedError
   */
  async launch(asked: ExecutorTasks, messageId: string): Promise<void> {
    const { ledger, logger } = this.parts;
    const { frameworkId, tasks } = asked;
    const { state } = ledger;
    const framework = state.framework(frameworkId);
    const isHere = ({ task_id: { value } }: TaskInfo): boolean =>
      state.task(frameworkId, value) !== undefined || state.wasLaunchedBy(messageId, frameworkId, value);
    if (framework?.removed === true || tasks.length === 0 || tasks.some(isHere)) {
      logger.info('launch ignored', { frameworkId, taskIds: tasks.map(({ task_id }) => task_id.value) });
      return;
    }
    const running = state.executor(frameworkId, asked.executor.executor_id.value);
    const refusal = this.refusal(asked, running);
    const launch = running ?? this.newExecutor(asked);
    const records: CheckpointRecord[] = [];
    if (framework === undefined) records.push({ kind: 'framework', frameworkId, info: asked.framework });
    if (running === undefined && refusal === undefined) records.push({ kind: 'executor', launch });
    records.push(...this.taskRecords(asked, launch.containerId, messageId));
    const safe = ledger.record(...records);
    await Promise.all([safe, refusal === undefined ? this.begin(asked, running) : this.refuse(asked, refusal)]);
  }

  /** What keeps one from running keeps all. */
  private refusal(asked: ExecutorTasks, running: AgentExecutor | undefined): StatusChange | undefined {
    const { capacity, takesTasks, isDraining, mayRunAs, ledger } = this.parts;
    const { framework, frameworkId, executor, tasks, isGroup } = asked;
    if (running?.shutdown !== undefined) {
      return dropTask(framework, 'REASON_EXECUTOR_TERMINATED', 'Executor terminating/terminated');
    }
    if (running !== undefined && !isDefaultExecutor(executor) && tasks.some(hasPersistentVolume)) {
      // It would have to be mounted into a container that runs.
      return { ...INVALID, message: 'Executor runs already: it cannot get the persistent volumes of more tasks' };
    }
    const shortage = capacity.shortage(...tasks, ...(running === undefined ? [executor] : []));
    const conditions = {
      agentId: ledger.state.agentId ?? '',
      takesTasks: takesTasks(),
      isDraining: isDraining(),
      mayRunAs,
      diskShortage: ledger.shortage,
      shortage,
    };
    for (const info of tasks) {
      // Whatever a task says itself, this is the one that is launched.
      const task = { ...info, executor };
      const unknownResources = capacity.unknown(task);
      const refusal = refuseTask({ frameworkId, framework, task }, { ...conditions, unknownResources });
      if (refusal !== undefined) return isGroup ? ofGroup(refusal) : refusal;
    }
    return undefined;
  }

  private newExecutor({ frameworkId, executor: info, role, traceId }: ExecutorTasks): ExecutorLaunch {
    const { ids, clock } = this.parts;
    const executorId = info.executor_id.value;
    return { frameworkId, executorId, info, role, traceId, containerId: ids.uuid(), launchedAtMs: clock.nowMs() };
  }

  private taskRecords(asked: ExecutorTasks, executorContainerId: string, messageId: string): CheckpointRecord[] {
    const { ids, clock } = this.parts;
    const { frameworkId, executor, role, traceId, traceparent, isGroup } = asked;
    const groupId = isGroup ? ids.uuid() : undefined;
    const isNested = isDefaultExecutor(executor);
    return asked.tasks.map((info) => ({
      kind: 'task',
      launch: {
        ...{ frameworkId, taskId: info.task_id.value, info, role, traceId, messageId },
        containerId: isNested ? ids.uuid() : executorContainerId,
        launchedAtMs: clock.nowMs(),
        executorId: executor.executor_id.value,
        executorContainerId,
        ...(groupId === undefined ? {} : { groupId }),
        ...(traceparent === undefined ? {} : { traceparent }),
      },
    }));
  }

  private async begin(asked: ExecutorTasks, running: AgentExecutor | undefined): Promise<void> {
    const { ledger, capacity, proceed } = this.parts;
    const { state } = ledger;
    const { frameworkId, executor: info } = asked;
    const executor = state.executor(frameworkId, info.executor_id.value);
    if (executor === undefined) throw new Error(`executor ${info.executor_id.value} was not taken over`);
    for (const { task_id } of asked.tasks) {
      const task = state.task(frameworkId, task_id.value);
      if (task !== undefined) capacity.hold(task);
    }
    if (running === undefined) this.bringUp(executor);
    else proceed(executor);
  }

  private bringUp(executor: AgentExecutor): void {
    const { ledger, capacity, launches, run, logger } = this.parts;
    const { frameworkId, executorId, containerId } = executor;
    capacity.holdExecutor(executor, () => ledger.state.executor(frameworkId, executorId)?.containerId !== containerId);
    launches
      .run(() => inTaskTrace(executor, () => run(executor)))
      .catch((error: unknown) => {
        logger.error('executor could not be brought up', { frameworkId, executorId, containerId, error });
      });
  }

  private async refuse({ frameworkId, tasks }: ExecutorTasks, refusal: StatusChange): Promise<void> {
    const { ledger, updates, logger } = this.parts;
    const { reason, message } = refusal;
    const taskIds = tasks.map(({ task_id }) => task_id.value);
    logger.info('tasks refused', { frameworkId, taskIds, reason, message });
    const refused = taskIds.flatMap((taskId) => ledger.state.task(frameworkId, taskId) ?? []);
    await Promise.all(refused.map((task) => updates.report(task, refusal)));
  }
}
