import type { TaskState } from '@tranche/mesos-api';

/** States with more to say than TASK_LOST, the one word that frameworks without PARTITION_AWARE know for them. */
type PreciseState = Extract<
  TaskState,
  'TASK_DROPPED' | 'TASK_UNREACHABLE' | 'TASK_GONE' | 'TASK_GONE_BY_OPERATOR' | 'TASK_UNKNOWN'
>;

/** The state that a framework is told of a task that did not end by itself. */
export const stateFor = (capabilities: ReadonlySet<string>, precise: PreciseState): TaskState =>
  capabilities.has('PARTITION_AWARE') ? precise : 'TASK_LOST';
