import type { OperationState, TaskState } from '../generated/mesos.js';

/**
 * States of tasks and operations after which nothing more happens to them. TASK_UNREACHABLE and TASK_UNKNOWN are not
 * among them: the agent may come back. A terminal TASK_LOST, DROPPED, GONE or GONE_BY_OPERATOR says that the task no
 * longer counts, not that its process was seen to end.
 *
 * @source scheduler API: task states
 */
const TERMINAL_TASK_STATES: ReadonlySet<TaskState> = new Set<TaskState>([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

const TERMINAL_OPERATION_STATES: ReadonlySet<OperationState> = new Set<OperationState>([
  'OPERATION_FINISHED',
  'OPERATION_FAILED',
  'OPERATION_ERROR',
  'OPERATION_DROPPED',
  'OPERATION_GONE_BY_OPERATOR',
]);

/** True when a task in this state has ended and only waits for its update to be acknowledged. */
export function isTerminalState(state: TaskState): boolean {
  return TERMINAL_TASK_STATES.has(state);
}

/** True when an operation in this state has ended. */
export function isTerminalOperationState(state: OperationState): boolean {
  return TERMINAL_OPERATION_STATES.has(state);
}
