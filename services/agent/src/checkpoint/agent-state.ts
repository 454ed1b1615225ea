import type { FrameworkInfo, TaskStatus } from '@tranche/mesos-api';
import { ContainerBook, isContainerRecord } from '../containers/container-book.js';
import { type AgentExecutor, isRunByExecutor } from '../executors/agent-executor.js';
import { OperationBook } from '../operations/operation-book.js';
import { type AgentTask, taskKey } from '../tasks/agent-task.js';
import { isLegalTransition, isTerminal } from '../tasks/task-state.js';
import { ExecutorBook } from './executor-book.js';
import type { CheckpointRecord, ExecutorRecord, TaskLaunch } from './record.js';

/** How many completed tasks are remembered of one framework: Mesos' limit for completed executors, one for each command task. */
export const MAX_COMPLETED_TASKS = 150;
/** How many frameworks without live tasks are remembered. */
export const MAX_COMPLETED_FRAMEWORKS = 50;
/** How many uuids of an executor's updates are remembered of one task: more than it can have unacknowledged. */
const MAX_RECEIVED_UUIDS = 32;

/** A framework that has or had tasks on the agent. */
export interface AgentFramework {
  readonly frameworkId: string;
  readonly info: FrameworkInfo;
  /** Removed from the cluster: its updates go nowhere. */
  readonly removed: boolean;
  /** By task id; terminal ones stay until their last update is acknowledged. */
  readonly tasks: ReadonlyMap<string, AgentTask>;
  /** Oldest first. */
  readonly completed: readonly AgentTask[];
  /** Those that the framework described; command tasks have none. */
  readonly executors: Pick<ExecutorBook, 'running' | 'completed'>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type MutableTask = Mutable<Omit<AgentTask, 'statuses' | 'pending' | 'receivedUuids'>> & {
  statuses: TaskStatus[];
  pending: TaskStatus[];
  receivedUuids?: string[];
};
interface MutableFramework {
  readonly frameworkId: string;
  info: FrameworkInfo;
  removed: boolean;
  readonly tasks: Map<string, MutableTask>;
  readonly completed: MutableTask[];
  readonly executors: ExecutorBook;
}

/**
 * What the agent knows: its id, frameworks, tasks and updates. The sum of all records, live and replayed alike, so that memory and
 * journal cannot disagree.
 *
 * A record about something that is not there (any more) changes nothing: after a crash the last records may meet a state in which their
 * effect is already contained. An update that the task's state forbids is a defect and throws.
 */
export class AgentState {
  /** Operations, and the reservations and volumes that came of them. */
  readonly operations = new OperationBook();
  /** Containers that clients of the agent API have launched. */
  readonly containers = new ContainerBook();
  private id: string | undefined;
  private readonly byFramework = new Map<string, MutableFramework>();

  /** @param maxCompletedTasks how many completed tasks are remembered of one framework */
  constructor(private readonly maxCompletedTasks = MAX_COMPLETED_TASKS) {}

  /** Undefined until the registry gave one. */
  get agentId(): string | undefined {
    return this.id;
  }

  get frameworks(): Iterable<AgentFramework> {
    return this.byFramework.values();
  }

  framework(frameworkId: string): AgentFramework | undefined {
    return this.byFramework.get(frameworkId);
  }

  /** Nothing runs here, and nothing that ran or was applied waits for an acknowledgement. */
  get isEmpty(): boolean {
    for (const { isPending } of this.operations.operations) if (isPending) return false;
    return this.tasks().next().done === true && this.executors().next().done === true;
  }

  /** A task that is live or waits for its last acknowledgement. */
  task(frameworkId: string, taskId: string): AgentTask | undefined {
    return this.byFramework.get(frameworkId)?.tasks.get(taskId);
  }

  /** An executor that is being brought up, runs or is being ended. */
  executor(frameworkId: string, executorId: string): AgentExecutor | undefined {
    return this.byFramework.get(frameworkId)?.executors.running.get(executorId);
  }

  /** Every executor that has not ended. */
  *executors(): Generator<AgentExecutor> {
    for (const framework of this.byFramework.values()) yield* framework.executors.running.values();
  }

  /** Tasks of this run of an executor that are live or wait for their last acknowledgement, in the order of their launch. */
  tasksOf({ frameworkId, containerId }: Pick<AgentExecutor, 'frameworkId' | 'containerId'>): AgentTask[] {
    const tasks = this.byFramework.get(frameworkId)?.tasks.values() ?? [];
    return [...tasks].filter(({ executorContainerId }) => executorContainerId === containerId);
  }

  /** Live tasks, and ended ones whose updates were not all acknowledged. */
  *tasks(): Generator<AgentTask> {
    for (const framework of this.byFramework.values()) yield* framework.tasks.values();
  }

  /** Whether this message has launched this task before, even if the task is over. */
  wasLaunchedBy(messageId: string, frameworkId: string, taskId: string): boolean {
    const framework = this.byFramework.get(frameworkId);
    return (
      framework?.tasks.get(taskId)?.messageId === messageId ||
      (framework?.completed.some((task) => task.messageId === messageId && task.taskId === taskId) ?? false)
    );
  }

  apply(record: CheckpointRecord): void {
    if (isContainerRecord(record)) return this.containers.apply(record);
    switch (record.kind) {
      case 'agent':
        this.id = record.agentId;
        return;
      case 'framework':
        return this.learnFramework(record.frameworkId, record.info);
      case 'framework-removed':
        return this.removeFramework(record.frameworkId);
      case 'task':
        return this.launch(record.launch);
      case 'restored-task':
        return this.restore(record.task as MutableTask);
      case 'container':
      case 'kill':
      case 'status':
      case 'acknowledged':
      case 'delivered':
        return this.change(record);
      case 'executor':
      case 'executor-container':
      case 'executor-subscribed':
      case 'executor-shutdown':
      case 'executor-ended':
      case 'restored-executor':
        return this.changeExecutor(record);
      case 'operation':
      case 'operation-acknowledged':
      case 'volumes-removed':
      case 'restored-operations':
        return this.operations.apply(record);
      default:
        throw new Error(`no such checkpoint record: ${JSON.stringify(record satisfies never)}`);
    }
  }

  /** The records that lead to this state from nothing. */
  *snapshot(): Generator<CheckpointRecord> {
    if (this.id !== undefined) yield { kind: 'agent', agentId: this.id };
    for (const { frameworkId, info, removed, completed, tasks, executors } of this.byFramework.values()) {
      yield { kind: 'framework', frameworkId, info };
      yield* executors.snapshot();
      for (const task of completed) yield { kind: 'restored-task', task };
      for (const task of tasks.values()) yield { kind: 'restored-task', task };
      if (removed) yield { kind: 'framework-removed', frameworkId };
    }
    yield* this.operations.snapshot();
    yield* this.containers.snapshot();
  }

  private learnFramework(frameworkId: string, info: FrameworkInfo): void {
    const known = this.byFramework.get(frameworkId);
    if (known === undefined) {
      const executors = new ExecutorBook();
      this.byFramework.set(frameworkId, {
        frameworkId,
        info,
        removed: false,
        tasks: new Map(),
        completed: [],
        executors,
      });
    } else {
      known.info = info;
    }
  }

  private removeFramework(frameworkId: string): void {
    const framework = this.byFramework.get(frameworkId);
    if (framework === undefined) return;
    framework.removed = true;
    for (const task of framework.tasks.values()) {
      task.pending = [];
      if (isTerminal(task.state)) this.complete(framework, task);
    }
    this.forgetOldFrameworks();
  }

  private launch(launch: TaskLaunch): void {
    const framework = this.byFramework.get(launch.frameworkId);
    if (framework === undefined || framework.tasks.has(launch.taskId)) return;
    framework.tasks.set(launch.taskId, { ...launch, state: 'TASK_STAGING', statuses: [], pending: [] });
  }

  private restore(task: MutableTask): void {
    const framework = this.byFramework.get(task.frameworkId);
    if (framework === undefined) return;
    if (isTerminal(task.state) && task.pending.length === 0) framework.completed.push(task);
    else framework.tasks.set(task.taskId, task);
  }

  private changeExecutor(record: ExecutorRecord): void {
    const of =
      record.kind === 'executor' ? record.launch : record.kind === 'restored-executor' ? record.executor : record;
    const framework = this.byFramework.get(of.frameworkId);
    framework?.executors.apply(record);
    if (record.kind === 'executor-ended' && framework !== undefined) this.rest(framework);
  }

  private change(
    record: Extract<CheckpointRecord, { kind: 'container' | 'kill' | 'status' | 'acknowledged' | 'delivered' }>,
  ): void {
    const framework = this.byFramework.get(record.frameworkId);
    const task = framework?.tasks.get(record.taskId);
    if (framework === undefined || task === undefined) return;
    if (record.kind === 'container') task.container = record.container;
    else if (record.kind === 'kill') task.kill = record.kill;
    else if (record.kind === 'delivered') task.isDelivered = true;
    else if (record.kind === 'status') this.addStatus(framework, task, record.status);
    else this.acknowledge(framework, task, record.uuid);
  }

  private addStatus(framework: MutableFramework, task: MutableTask, status: TaskStatus): void {
    if (isRunByExecutor(task)) {
      // Which states its tasks go through is the executor's to say, but for the end: that is the end.
      if (isTerminal(task.state)) return;
      if (status.uuid !== undefined) {
        task.receivedUuids = [...(task.receivedUuids ?? []), status.uuid].slice(-MAX_RECEIVED_UUIDS);
      }
    } else if (!isLegalTransition(task.state, status.state)) {
      throw new Error(`task ${taskKey(task)} cannot go from ${task.state} to ${status.state}`);
    }
    if (task.state === status.state) task.statuses.pop();
    task.statuses.push(status);
    noteHealth(task, status);
    task.state = status.state;
    if (!framework.removed) task.pending.push(status);
    else if (isTerminal(task.state)) this.complete(framework, task);
  }

  private acknowledge(framework: MutableFramework, task: MutableTask, uuid: string): void {
    if (task.pending[0]?.uuid !== uuid) return;
    task.pending.shift();
    if (task.pending.length === 0 && isTerminal(task.state)) this.complete(framework, task);
  }

  private complete(framework: MutableFramework, task: MutableTask): void {
    framework.tasks.delete(task.taskId);
    // Only an executor would have read it, and it may be large.
    const { data: _data, ...info } = task.info;
    task.info = info;
    framework.completed.push(task);
    if (framework.completed.length > this.maxCompletedTasks) framework.completed.shift();
    this.rest(framework);
  }

  /** The order of frameworks is the order in which they last had something happen, for forgetting the oldest. */
  private rest(framework: MutableFramework): void {
    if (!isIdle(framework)) return;
    this.byFramework.delete(framework.frameworkId);
    this.byFramework.set(framework.frameworkId, framework);
    this.forgetOldFrameworks();
  }

  private forgetOldFrameworks(): void {
    const idle = [...this.byFramework.values()].filter(isIdle);
    for (const { frameworkId } of idle.slice(0, Math.max(0, idle.length - MAX_COMPLETED_FRAMEWORKS))) {
      this.byFramework.delete(frameworkId);
    }
  }
}

/** Nothing of it is left on the agent but memories. */
const isIdle = ({ tasks, executors }: MutableFramework): boolean => tasks.size === 0 && executors.running.size === 0;

/** What later statuses of the same state would hide. */
function noteHealth(task: MutableTask, { state, reason, healthy, timestamp }: TaskStatus): void {
  if (state === 'TASK_RUNNING' && typeof timestamp === 'number') task.runningAtMs ??= timestamp * 1000;
  if (reason !== 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED') return;
  if (healthy === false) task.failedChecks = (task.failedChecks ?? 0) + 1;
  else delete task.failedChecks;
}
