import type { TaskState } from '@tranche/mesos-api';

/** How many tasks are in each state. */
export class TaskTally {
  private readonly counts = new Map<TaskState, number>();

  get(state: TaskState): number {
    return this.counts.get(state) ?? 0;
  }

  add(state: TaskState, count: 1 | -1): void {
    const sum = this.get(state) + count;
    if (sum === 0) this.counts.delete(state);
    else this.counts.set(state, sum);
  }

  entries(): Iterable<readonly [TaskState, number]> {
    return this.counts;
  }

  get isEmpty(): boolean {
    return this.counts.size === 0;
  }
}
