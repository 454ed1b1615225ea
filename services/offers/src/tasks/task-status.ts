import type { TaskState, TaskStatus, TaskStatusReason } from '@tranche/mesos-api';

export interface MasterStatus {
  readonly taskId: string;
  readonly state: TaskState;
  readonly reason: TaskStatusReason;
  readonly message: string;
  readonly agentId?: string | undefined;
  readonly executorId?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** A status that this service makes: SOURCE_MASTER, and no uuid, so it needs no acknowledgement. */
export function masterStatus(of: MasterStatus): TaskStatus {
  return {
    task_id: { value: of.taskId },
    state: of.state,
    message: of.message,
    source: 'SOURCE_MASTER',
    reason: of.reason,
    ...(of.agentId === undefined ? {} : { agent_id: { value: of.agentId } }),
    ...(of.executorId === undefined ? {} : { executor_id: { value: of.executorId } }),
    timestamp: of.nowMs / 1000,
  };
}

/**
 * The statuses that are kept of a task: one per run of equal states, the last of each, without `data`.
 *
 * @source scheduler API: "`data` of an update is delivered once, not kept by the master"
 */
export function withStatus(statuses: readonly TaskStatus[], status: TaskStatus): TaskStatus[] {
  const { data: _deliveredOnce, ...kept } = status;
  const last = statuses.at(-1);
  return last?.state === status.state ? [...statuses.slice(0, -1), kept] : [...statuses, kept];
}

/** The same with a status that comes when a newer one is kept already: in its place before that one, once. */
export function withOvertaken(statuses: readonly TaskStatus[], status: TaskStatus): TaskStatus[] {
  const isKept = statuses.some(({ uuid }) => uuid !== undefined && uuid === status.uuid);
  const newest = statuses.at(-1);
  return isKept || newest === undefined ? [...statuses] : [...withStatus(statuses.slice(0, -1), status), newest];
}
