import { ExecutorTable } from './executor-table.js';
import { LaunchOrder } from './launch-order.js';
import { StatusOrder } from './status-order.js';
import type { Task } from './task.js';

/**
 * All tasks, found by framework, by agent and by id without a search.
 *
 * Live and unreachable tasks occupy their id within their framework. Completed ones are history: the newest of each framework up to a
 * bound, several with one id if it was used again.
 */
export class TaskTable {
  readonly executors = new ExecutorTable();
  /** Those of every stage. */
  readonly order = new LaunchOrder();
  readonly byFirstStatus = new StatusOrder();
  private readonly present = new Map<string, Map<string, Task>>();
  private readonly byAgent = new Map<string, Set<Task>>();
  private readonly history = new Map<string, Set<Task>>();
  /** How many of the history have which name, by framework. */
  private readonly pastNames = new Map<string, Map<string, number>>();
  private readonly byTaskId = new Map<string, Set<Task>>();

  constructor(private readonly maxCompletedPerFramework: number) {}

  /** A live or unreachable task. */
  get(frameworkId: string, taskId: string): Task | undefined {
    return this.present.get(frameworkId)?.get(taskId);
  }

  /** Adds a live or unreachable task. Its id must be free. */
  add(task: Task): void {
    const { frameworkId, taskId, agentId } = task.record;
    inner(this.present, frameworkId, () => new Map<string, Task>()).set(taskId, task);
    inner(this.byAgent, agentId, () => new Set<Task>()).add(task);
    this.order.add(task);
    this.byFirstStatus.add(task);
    inner(this.byTaskId, taskId, () => new Set<Task>()).add(task);
  }

  /**
   * Moves a task to the history.
   *
   * @returns tasks that are forgotten to make room
   */
  complete(task: Task): Task[] {
    this.leavePresent(task);
    task.stage = 'completed';
    return this.addCompleted(task);
  }

  /** Adds a task that is history already, oldest first. */
  addCompleted(task: Task): Task[] {
    const { frameworkId, taskId } = task.record;
    inner(this.byTaskId, taskId, () => new Set<Task>()).add(task);
    this.order.add(task);
    this.byFirstStatus.add(task);
    this.countPast(task, 1);
    const ended = inner(this.history, frameworkId, () => new Set<Task>()).add(task);
    const forgotten: Task[] = [];
    for (const oldest of ended) {
      if (ended.size <= this.maxCompletedPerFramework) break;
      this.forget(oldest);
      forgotten.push(oldest);
    }
    return forgotten;
  }

  /** Drops a completed task from the history. */
  forget(task: Task): void {
    const { frameworkId, taskId } = task.record;
    if (this.history.get(frameworkId)?.has(task)) this.countPast(task, -1);
    dropFrom(this.history, frameworkId, task);
    dropFrom(this.byTaskId, taskId, task);
    this.order.delete(task);
    this.byFirstStatus.delete(task);
  }

  /** How many tasks of the history of a framework have a name. */
  countPastOf(frameworkId: string, name: string): number {
    return this.pastNames.get(frameworkId)?.get(name) ?? 0;
  }

  /** Live and unreachable tasks of a framework. */
  ofFramework(frameworkId: string): Iterable<Task> {
    return this.present.get(frameworkId)?.values() ?? [];
  }

  countOfFramework(frameworkId: string): number {
    return this.present.get(frameworkId)?.size ?? 0;
  }

  /** Live and unreachable tasks of an agent. A copy: the caller may complete them on the way. */
  ofAgent(agentId: string): Task[] {
    return [...(this.byAgent.get(agentId) ?? [])];
  }

  /** Completed tasks of a framework, oldest first. */
  completedOf(frameworkId: string): Iterable<Task> {
    return this.history.get(frameworkId) ?? [];
  }

  /** All tasks with this id, of any framework and stage, in the order in which they were added. */
  withId(taskId: string): Task[] {
    return [...(this.byTaskId.get(taskId) ?? [])];
  }

  /** Live and unreachable tasks. */
  *allPresent(): Generator<Task> {
    for (const tasks of this.present.values()) yield* tasks.values();
  }

  *allCompleted(): Generator<Task> {
    for (const tasks of this.history.values()) yield* tasks;
  }

  private countPast({ record: { frameworkId, info } }: Task, change: 1 | -1): void {
    const names = inner(this.pastNames, frameworkId, () => new Map<string, number>());
    const count = (names.get(info.name) ?? 0) + change;
    if (count > 0) names.set(info.name, count);
    else names.delete(info.name);
    if (names.size === 0) this.pastNames.delete(frameworkId);
  }

  private leavePresent(task: Task): void {
    const { frameworkId, taskId, agentId } = task.record;
    const tasks = this.present.get(frameworkId);
    if (tasks?.get(taskId) === task) tasks.delete(taskId);
    if (tasks?.size === 0) this.present.delete(frameworkId);
    dropFrom(this.byAgent, agentId, task);
  }
}

/** Whether a task of this agent is in the books or their history. */
export const isKnown = (
  tasks: Pick<TaskTable, 'withId'>,
  { frameworkId, taskId, agentId }: { readonly frameworkId: string; readonly taskId: string; readonly agentId: string },
): boolean =>
  tasks.withId(taskId).some(({ record }) => record.frameworkId === frameworkId && record.agentId === agentId);

function inner<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function dropFrom(map: Map<string, Set<Task>>, key: string, task: Task): void {
  const tasks = map.get(key);
  tasks?.delete(task);
  if (tasks?.size === 0) map.delete(key);
}
