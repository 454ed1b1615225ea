import { isTerminalState, type TaskState } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import type { PackedTask, SharedSums } from './packed-task.js';

/** The list of its framework in which a task is shown. */
export type TaskShelf = 'tasks' | 'unreachable_tasks' | 'completed_tasks';

/** One task as the read model knows it. Two runs under one id are two entries. */
export interface TaskEntry {
  /** Tells entries apart: ids come again once a task is completed. */
  readonly key: string;
  record: PackedTask;
  shelf: TaskShelf;
  /** What it holds now: nothing once it has ended or cannot be reached. With the role it is allocated to. */
  held: Resources;
}

/** The shelf of a task that is not completed. */
export const shelfOf = (state: TaskState): Exclude<TaskShelf, 'completed_tasks'> =>
  state === 'TASK_UNREACHABLE' ? 'unreachable_tasks' : 'tasks';

/** What a task holds: nothing once it has ended, whether its end is acknowledged or not, and nothing while it cannot be reached. */
export function heldBy(record: PackedTask, shelf: TaskShelf, sums: SharedSums): Resources {
  return shelf !== 'tasks' || isTerminalState(record.state) ? Resources.EMPTY : sums.of(record);
}

/** Of a command task: the task's own id. */
export const executorIdOf = ({ executorId, taskId }: PackedTask): string => executorId ?? taskId;
