import type { TaskRecord } from '@tranche/contracts';
import type { Placed } from '@tranche/http';
import { SortedList, SortedLists } from './sorted-list.js';
import type { Task } from './task.js';

/** A task and its place in lists: the newest launch first. */
export class ListedTask<T extends { readonly record: TaskRecord }> implements Placed<T> {
  readonly rank: number;

  constructor(readonly entry: T) {
    this.rank = -entry.record.launchedAtMs;
  }

  /** Made when it is asked for: what is launched at one time is told apart by it only. */
  get key(): string {
    const { frameworkId, taskId } = this.entry.record;
    return `${frameworkId}/${taskId}`;
  }
}

/** Tasks in the order of their lists: of those of one framework, or on one agent, the first are found without a look at the others. */
export class LaunchOrder {
  private readonly all = new SortedList<ListedTask<Task>>();
  private readonly byFramework = new SortedLists<ListedTask<Task>>();
  private readonly byAgent = new SortedLists<ListedTask<Task>>();
  private readonly listed = new Map<Task, ListedTask<Task>>();

  /** Adds a task that may be here already. */
  add(task: Task): void {
    if (this.listed.has(task)) return;
    const listed = new ListedTask(task);
    this.listed.set(task, listed);
    this.all.add(listed);
    this.byFramework.add(task.record.frameworkId, listed);
    this.byAgent.add(task.record.agentId, listed);
  }

  delete(task: Task): void {
    const listed = this.listed.get(task);
    if (listed === undefined) return;
    this.listed.delete(task);
    this.all.delete(listed);
    this.byFramework.delete(task.record.frameworkId, listed);
    this.byAgent.delete(task.record.agentId, listed);
  }

  /** Lists with all that is on these agents, or of these frameworks; of neither: all there is. None has what another has. */
  listsOf(
    agentIds: readonly string[] | undefined,
    frameworkIds: readonly string[] | undefined,
  ): readonly SortedList<ListedTask<Task>>[] {
    const ids = new Set(agentIds ?? frameworkIds);
    const lists = agentIds === undefined ? this.byFramework : this.byAgent;
    if (agentIds === undefined && frameworkIds === undefined) return [this.all];
    return [...ids].flatMap((id) => lists.get(id) ?? []);
  }
}
