import type { TaskState } from '../generated/mesos.js';
import type { Member } from './json-text.js';

/** Number of tasks by state; states without tasks may be left out. */
export type TaskStateCounts = Readonly<Partial<Record<TaskState, number>>>;

/** States that `/state-summary` counts, in its order. */
const COUNTED: readonly TaskState[] = [
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_KILLED',
  'TASK_FAILED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_UNREACHABLE',
];

/** Members `"TASK_RUNNING":1` of a summary: integers, unlike the numbers around them. */
export function taskCountMembers(counts: TaskStateCounts): Member[] {
  return COUNTED.map((state) => [state, String(counts[state] ?? 0)]);
}
