import type { FrameworkInfo, TaskStatus } from '@tranche/mesos-api';
import { type AgentTask, taskKey } from '../tasks/agent-task.js';
import { isLegalTransition, isTerminal } from '../tasks/task-state.js';
import type { CheckpointRecord, TaskLaunch } from './record.js';

/** How many completed tasks are remembered of one framework: Mesos' limit for completed executors, one for each command task. */
export const MAX_COMPLETED_TASKS = 150;
/** How many frameworks without live tasks are remembered. */
export const MAX_COMPLETED_FRAMEWORKS = 50;

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
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type MutableTask = Mutable<Omit<AgentTask, 'statuses' | 'pending'>> & { statuses: TaskStatus[]; pending: TaskStatus[] };
interface MutableFramework {
  readonly frameworkId: string;
  info: FrameworkInfo;
  removed: boolean;
  readonly tasks: Map<string, MutableTask>;
  readonly completed: MutableTask[];
}

/**
 * What the agent knows: its id, frameworks, tasks and updates. The sum of all records, live and replayed alike, so that memory and
 * journal cannot disagree.
 *
 * A record about something that is not there (any more) changes nothing: after a crash the last records may meet a state in which their
 * effect is already contained. An update that the task's state forbids is a defect and throws.
 */
export class AgentState {
  private id: string | undefined;
  private readonly byFramework = new Map<string, MutableFramework>();

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

  /** A task that is live or waits for its last acknowledgement. */
  task(frameworkId: string, taskId: string): AgentTask | undefined {
    return this.byFramework.get(frameworkId)?.tasks.get(taskId);
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
        return this.change(record);
      default:
        throw new Error(`no such checkpoint record: ${JSON.stringify(record satisfies never)}`);
    }
  }

  /** The records that lead to this state from nothing. */
  *snapshot(): Generator<CheckpointRecord> {
    if (this.id !== undefined) yield { kind: 'agent', agentId: this.id };
    for (const { frameworkId, info, removed, completed, tasks } of this.byFramework.values()) {
      yield { kind: 'framework', frameworkId, info };
      for (const task of completed) yield { kind: 'restored-task', task };
      for (const task of tasks.values()) yield { kind: 'restored-task', task };
      if (removed) yield { kind: 'framework-removed', frameworkId };
    }
  }

  private learnFramework(frameworkId: string, info: FrameworkInfo): void {
    const known = this.byFramework.get(frameworkId);
    if (known === undefined) {
      this.byFramework.set(frameworkId, { frameworkId, info, removed: false, tasks: new Map(), completed: [] });
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

  private change(record: Extract<CheckpointRecord, { kind: 'container' | 'kill' | 'status' | 'acknowledged' }>): void {
    const framework = this.byFramework.get(record.frameworkId);
    const task = framework?.tasks.get(record.taskId);
    if (framework === undefined || task === undefined) return;
    if (record.kind === 'container') task.container = record.container;
    else if (record.kind === 'kill') task.kill = record.kill;
    else if (record.kind === 'status') this.addStatus(framework, task, record.status);
    else this.acknowledge(framework, task, record.uuid);
  }

  private addStatus(framework: MutableFramework, task: MutableTask, status: TaskStatus): void {
    if (!isLegalTransition(task.state, status.state)) {
      throw new Error(`task ${taskKey(task)} cannot go from ${task.state} to ${status.state}`);
    }
    if (task.state === status.state) task.statuses.pop();
    task.statuses.push(status);
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
    if (framework.completed.length > MAX_COMPLETED_TASKS) framework.completed.shift();
    // The order of frameworks is the order in which they last had something happen, for forgetting the oldest.
    if (framework.tasks.size === 0) {
      this.byFramework.delete(framework.frameworkId);
      this.byFramework.set(framework.frameworkId, framework);
      this.forgetOldFrameworks();
    }
  }

  private forgetOldFrameworks(): void {
    const idle = [...this.byFramework.values()].filter((framework) => framework.tasks.size === 0);
    for (const { frameworkId } of idle.slice(0, Math.max(0, idle.length - MAX_COMPLETED_FRAMEWORKS))) {
      this.byFramework.delete(frameworkId);
    }
  }
}
