import type { TaskState } from '@tranche/mesos-api';

/** States after which no update of the task follows, as Mesos counts them: unreachable tasks may come back, lost ones are over. */
const TERMINAL_STATES: ReadonlySet<TaskState> = new Set<TaskState>([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

/** True when the task has ended and its resources are free again. */
export function isTerminal(state: TaskState): boolean {
  return TERMINAL_STATES.has(state);
}
