import type { ClusterState } from '../cluster-state.js';
import { StatusOrder } from '../tasks/status-order.js';
import type { Task } from '../tasks/task.js';

export interface TaskQuery {
  readonly frameworkId?: string | undefined;
  readonly taskId?: string | undefined;
  /** Negative: all. */
  readonly limit: number;
  readonly offset: number;
  readonly ascending: boolean;
  /** Of who may not see everything. */
  readonly sees?: (task: Task) => boolean;
}

/**
 * Tasks of every stage, by the time of their first status, the newest first unless asked otherwise; those of one time by their launch.
 *
 * @source classic endpoints, `/tasks`
 */
export function listTasks(state: ClusterState, query: TaskQuery): Task[] {
  const { limit, offset } = query;
  if (offset < 0) return [];
  const { sees } = query;
  const selected = select(state, query);
  const wanted = (sees === undefined ? selected : selected.filter(sees)).drop(offset);
  return (limit < 0 ? wanted : wanted.take(limit)).toArray();
}

function select({ tasks }: ClusterState, { frameworkId, taskId, ascending }: TaskQuery): IteratorObject<Task> {
  if (taskId === undefined) return tasks.byFirstStatus.walk(ascending, frameworkId);
  const own = new StatusOrder();
  for (const task of tasks.withId(taskId)) own.add(task);
  return own.walk(ascending, frameworkId);
}
