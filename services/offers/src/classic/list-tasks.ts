import { doubleToNumber } from '@tranche/mesos-api';
import type { ClusterState } from '../cluster-state.js';
import { firstOf } from './first-of.js';
import type { Task } from '../tasks/task.js';

export interface TaskQuery {
  readonly frameworkId?: string | undefined;
  readonly taskId?: string | undefined;
  /** Negative: all. */
  readonly limit: number;
  readonly offset: number;
  readonly ascending: boolean;
}

/** Tasks of every stage, by the time of their first status, the newest first unless asked otherwise. @source classic endpoints, `/tasks` */
export function listTasks(state: ClusterState, query: TaskQuery): Task[] {
  const { limit, offset, ascending } = query;
  const found = select(state, query).map((task) => ({ task, at: firstStatusAt(task) }));
  const end = limit < 0 ? found.length : offset + limit;
  const wanted = firstOf(found, end, ascending ? (a, b) => a.at - b.at : (a, b) => b.at - a.at);
  return wanted.slice(offset < 0 ? found.length : offset, end).map(({ task }) => task);
}

function select(state: ClusterState, { frameworkId, taskId }: TaskQuery): Task[] {
  if (taskId !== undefined) {
    const named = state.tasks.withId(taskId);
    return frameworkId === undefined ? named : named.filter(({ record }) => record.frameworkId === frameworkId);
  }
  if (frameworkId !== undefined) {
    return [...state.tasks.completedOf(frameworkId), ...state.tasks.ofFramework(frameworkId)];
  }
  return [...state.tasks.allCompleted(), ...state.tasks.allPresent()];
}

/** A task without a status yet comes before all others. */
const firstStatusAt = ({ record }: Task): number => doubleToNumber(record.statuses[0]?.timestamp ?? 0);
