import type { TaskState, TaskStatus } from '@tranche/mesos-api';
import type { KillRequest, TaskLaunch } from '../checkpoint/record.js';
import type { ContainerCheckpoint } from '../containerizer/containerizer.js';

/** A task as its agent knows it. JSON-safe: it goes into the journal's snapshot as it is. Changed by `AgentState` alone. */
export interface AgentTask extends TaskLaunch {
  /** Present from the moment its blocked process exists. */
  readonly container?: ContainerCheckpoint;
  /** Present once it is to end before its time. */
  readonly kill?: KillRequest;
  /** Its executor has been told to run it; always absent for tasks that have no executor's process. */
  readonly isDelivered?: true;
  /** Uuids of the last updates that came from its executor, oldest first: a repeated one is not passed on again. */
  readonly receivedUuids?: readonly string[];
  /** First TASK_RUNNING, milliseconds since the epoch. */
  readonly runningAtMs?: number;
  /** Health checks that have failed in a row; absent while the last one went well. */
  readonly failedChecks?: number;
  /** Newest state, whether its update was sent or not. */
  readonly state: TaskState;
  /** History: the last status of each run of equal states. */
  readonly statuses: readonly TaskStatus[];
  /** Updates that were not acknowledged yet, oldest first; the first is the one in flight. */
  readonly pending: readonly TaskStatus[];
}

/** The status that the framework has yet to acknowledge, else the last one that it has; undefined before the first. */
export const statusInDelivery = ({
  pending,
  statuses,
}: Pick<AgentTask, 'pending' | 'statuses'>): TaskStatus | undefined => pending[0] ?? statuses.at(-1);

/** Identifies a task on the agent; ids contain no slash. */
export const taskKey = (task: { readonly frameworkId: string; readonly taskId: string }): string =>
  `${task.frameworkId}/${task.taskId}`;
