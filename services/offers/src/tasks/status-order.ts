import { comparePlaces, type Placed } from '@tranche/http';
import { doubleToNumber } from '@tranche/mesos-api';
import type { Changes } from '../changes/changes.port.js';
import { ListedTask } from './launch-order.js';
import { SortedList, SortedLists } from './sorted-list.js';
import type { Task } from './task.js';

/** A task and its place in `/tasks`: the newest first status first, then the newest launch. */
class StatedTask implements Placed<Task> {
  readonly rank: number;
  readonly launch: ListedTask<Task>;

  constructor(readonly entry: Task) {
    this.rank = rankOf(entry);
    this.launch = new ListedTask(entry);
  }

  get key(): string {
    return this.launch.key;
  }
}

/** Of one without a status yet, or with a time that is none: behind all others. */
function rankOf({ record }: Task): number {
  const seconds = doubleToNumber(record.statuses[0]?.timestamp ?? 0);
  return Number.isFinite(seconds) ? -seconds : 0;
}

const compare = (a: StatedTask, b: StatedTask): number => a.rank - b.rank || comparePlaces(a.launch, b.launch);

/**
 * Tasks by the time of their first status, in which `/tasks` has them.
 *
 * Unlike its launch, that time changes: when the first status comes, and when it is repeated or overtaken.
 */
export class StatusOrder {
  private readonly all = new SortedList(compare);
  private readonly byFramework = new SortedLists(compare);
  private readonly stated = new Map<Task, StatedTask>();

  /** Adds a task that may be here already. */
  add(task: Task): void {
    if (this.stated.has(task)) return;
    const stated = new StatedTask(task);
    this.stated.set(task, stated);
    this.all.add(stated);
    this.byFramework.add(task.record.frameworkId, stated);
  }

  delete(task: Task): void {
    const stated = this.stated.get(task);
    if (stated === undefined) return;
    this.stated.delete(task);
    this.all.delete(stated);
    this.byFramework.delete(task.record.frameworkId, stated);
  }

  /** The task may have got another first status. */
  update(task: Task): void {
    const stated = this.stated.get(task);
    if (stated === undefined || stated.rank === rankOf(task)) return;
    this.delete(task);
    this.add(task);
  }

  /** @param frameworkId only its tasks */
  *walk(ascending: boolean, frameworkId: string | undefined): Generator<Task> {
    const list = frameworkId === undefined ? this.all : this.byFramework.get(frameworkId);
    if (list === undefined) return;
    for (const { entry } of ascending ? list.before() : list.after()) yield entry;
  }
}

/** What has to be heard for the order to be kept. */
export const keepingOrder = (order: StatusOrder): Pick<Changes, 'taskLaunched' | 'taskUpdated'> => ({
  taskLaunched: (task) => order.update(task),
  taskUpdated: (task) => order.update(task),
});
