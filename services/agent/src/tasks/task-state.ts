import type { TaskState } from '@tranche/mesos-api';

/**
 * Legal transitions of a task on its agent: from the newest state to the state of the next update. A row that is missing is terminal.
 *
 * Repetitions of TASK_RUNNING carry health and check results. States that only the control plane gives out (unreachable, unknown,
 * gone) never begin on an agent, but for TASK_GONE_BY_OPERATOR on one that is drained to be gone.
 *
 * @source Mesos 1.11 behaviour: command executor, agent-side launch failures
 */
const TRANSITIONS: Partial<Record<TaskState, readonly TaskState[]>> = {
  TASK_STAGING: [
    'TASK_STARTING',
    'TASK_GONE_BY_OPERATOR',
    'TASK_FAILED',
    'TASK_KILLED',
    'TASK_ERROR',
    'TASK_LOST',
    'TASK_DROPPED',
  ],
  TASK_STARTING: [
    'TASK_GONE_BY_OPERATOR',
    'TASK_RUNNING',
    'TASK_KILLING',
    'TASK_FINISHED',
    'TASK_FAILED',
    'TASK_KILLED',
    'TASK_LOST',
    'TASK_DROPPED',
  ],
  TASK_RUNNING: [
    'TASK_RUNNING',
    'TASK_GONE_BY_OPERATOR',
    'TASK_KILLING',
    'TASK_FINISHED',
    'TASK_FAILED',
    'TASK_KILLED',
    'TASK_LOST',
  ],
  TASK_KILLING: ['TASK_FINISHED', 'TASK_GONE_BY_OPERATOR', 'TASK_FAILED', 'TASK_KILLED', 'TASK_LOST'],
};

/** Whether an update with state `to` may follow the newest state `from`. */
export const isLegalTransition = (from: TaskState, to: TaskState): boolean => TRANSITIONS[from]?.includes(to) ?? false;

/** Whether nothing comes after this state on an agent. */
export const isTerminal = (state: TaskState): boolean => TRANSITIONS[state] === undefined;
