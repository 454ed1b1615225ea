import { firstOf } from '@tranche/http';
import { doubleToNumber } from '@tranche/mesos-api';
import type { ClusterState } from '../cluster-state.js';
import type { Task } from '../tasks/task.js';

export interface TaskQuery {
  readonly frameworkId?: string | undefined;
  readonly taskId?: string | undefined;
  /** Negative: all. */
  readonly limit: number;
  readonly offset: number;
  readonly ascending: boolean;
}

/**
 * Tasks of every stage, by the time of their first status, the newest first unless asked otherwise; those of one time by their launch.
 *
 * @source classic endpoints, `/tasks`
 */
export function listTasks(state: ClusterState, query: TaskQuery): Task[] {
  const { limit, offset, ascending } = query;
  if (offset < 0) return [];
  const end = limit < 0 ? Number.MAX_SAFE_INTEGER : offset + limit;
  const rising = (a: Task, b: Task): number => firstStatusAt(a) - firstStatusAt(b);
  return firstOf(select(state, query), end, ascending ? rising : (a, b) => rising(b, a)).slice(offset);
}

/** First statuses come about in the order of launches: begun from that end, all but the wanted are passed at a look. */
function* select({ tasks }: ClusterState, { frameworkId, taskId, ascending }: TaskQuery): Generator<Task> {
  if (taskId !== undefined) {
    for (const task of tasks.withId(taskId)) {
      if (frameworkId === undefined || task.record.frameworkId === frameworkId) yield task;
    }
    return;
  }
  for (const list of tasks.order.listsOf(undefined, frameworkId === undefined ? undefined : [frameworkId])) {
    for (const { entry } of ascending ? list.before() : list.after()) yield entry;
  }
}

/** A task without a status yet comes before all others. */
const firstStatusAt = ({ record }: Task): number => doubleToNumber(record.statuses[0]?.timestamp ?? 0);
