import type { TaskRecord } from '@tranche/contracts';
import type { Placed } from '@tranche/http';
import { SortedList } from './sorted-list.js';
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
  private readonly byFramework = new Map<string, SortedList<ListedTask<Task>>>();
  private readonly byAgent = new Map<string, SortedList<ListedTask<Task>>>();
  private readonly listed = new Map<Task, ListedTask<Task>>();

  /** Adds a task that may be here already. */
  add(task: Task): void {
    if (this.listed.has(task)) return;
    const listed = new ListedTask(task);
    this.listed.set(task, listed);
    this.all.add(listed);
    listOf(this.byFramework, task.record.frameworkId).add(listed);
    listOf(this.byAgent, task.record.agentId).add(listed);
  }

  delete(task: Task): void {
    const listed = this.listed.get(task);
    if (listed === undefined) return;
    this.listed.delete(task);
    this.all.delete(listed);
    dropFrom(this.byFramework, task.record.frameworkId, listed);
    dropFrom(this.byAgent, task.record.agentId, listed);
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

function listOf(lists: Map<string, SortedList<ListedTask<Task>>>, id: string): SortedList<ListedTask<Task>> {
  const known = lists.get(id);
  if (known !== undefined) return known;
  const made = new SortedList<ListedTask<Task>>();
  lists.set(id, made);
  return made;
}

function dropFrom(lists: Map<string, SortedList<ListedTask<Task>>>, id: string, listed: ListedTask<Task>): void {
  const list = lists.get(id);
  list?.delete(listed);
  if (list?.isEmpty) lists.delete(id);
}
