import type { TaskRecord } from '@tranche/contracts';
import { isTerminalState, type TaskState, type TaskStatus } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';

/** The list of its framework in which a task is shown. */
export type TaskShelf = 'tasks' | 'unreachable_tasks' | 'completed_tasks';

/** One task as the read model knows it. Two runs under one id are two entries. */
export interface TaskEntry {
  /** Tells entries apart: ids come again once a task is completed. */
  readonly key: string;
  record: TaskRecord;
  shelf: TaskShelf;
  /** What it holds now: nothing once it has ended or cannot be reached. With the role it is allocated to. */
  held: Resources;
}

/** The shelf of a task that is not completed. */
export const shelfOf = (state: TaskState): Exclude<TaskShelf, 'completed_tasks'> =>
  state === 'TASK_UNREACHABLE' ? 'unreachable_tasks' : 'tasks';

/**
 * What a task holds: nothing once it has ended, whether its end is acknowledged or not, and nothing while it cannot be reached.
 *
 * @param before the entry until now: its sum is kept when nothing has changed that it depends on
 */
export function heldBy(record: TaskRecord, shelf: TaskShelf, before: TaskEntry): Resources {
  if (shelf !== 'tasks' || isTerminalState(record.state)) return Resources.EMPTY;
  const { held } = before;
  const isSame = before.record.resources === record.resources && before.record.agentId === record.agentId;
  return isSame && !held.isEmpty ? held : Resources.fromJson(record.resources).withAllocationRole(record.role);
}

/** The record after a status: one status per consecutive equal state, the last of each. */
export function withStatus(record: TaskRecord, state: TaskState, status: TaskStatus | undefined): TaskRecord {
  if (status === undefined) return { ...record, state };
  const repeats = record.statuses.at(-1)?.state === status.state;
  const statuses = [...(repeats ? record.statuses.slice(0, -1) : record.statuses), status];
  return { ...record, state, statuses };
}

/** Of a command task: the task's own id. */
export const executorIdOf = (record: TaskRecord): string => record.info.executor?.executor_id.value ?? record.taskId;
