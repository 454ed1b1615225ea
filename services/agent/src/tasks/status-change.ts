import type { NetworkInfo, TaskState, TaskStatus } from '@tranche/mesos-api';
import { isNestedTask } from '../executors/agent-executor.js';
import { noResultOf } from '../checks/check-plan.js';
import type { AgentTask } from './agent-task.js';

/** What a new status of a task says; ids, time and container are added when it is made. */
export type StatusChange = Pick<
  TaskStatus,
  'state' | 'source' | 'reason' | 'message' | 'limitation' | 'healthy' | 'check_status'
>;

/** What is known of the agent and the moment when a status is made. */
export interface StatusOrigin {
  readonly agentId: string;
  /** The agent's address: a container without a network of its own has it too. */
  readonly ip: string;
  readonly nowMs: number;
  /** Base64 of 16 bytes. */
  readonly uuid: string;
}

/**
 * The complete status document.
 *
 * It names the container while there is one; a status by which the agent reports that a limit destroyed the container does not.
 *
 * Of a nested container only the status that it runs says more than its id.
 *
 * @source Mesos 1.11 behaviour: recorded status updates of command tasks and of tasks of groups
 */
export function makeStatus(task: AgentTask, change: StatusChange, origin: StatusOrigin): TaskStatus {
  const { state, source, reason, message, limitation } = change;
  const container = limitation === undefined ? containerStatus(task, state, origin.ip) : undefined;
  return {
    task_id: { value: task.taskId },
    state,
    ...(message === undefined ? {} : { message }),
    ...(source === undefined ? {} : { source }),
    ...(reason === undefined ? {} : { reason }),
    agent_id: { value: origin.agentId },
    executor_id: { value: task.executorId ?? task.taskId },
    timestamp: origin.nowMs / 1000,
    uuid: origin.uuid,
    ...checkMembers(task, change),
    ...(container === undefined ? {} : { container_status: container }),
    ...(limitation === undefined ? {} : { limitation }),
  };
}

/**
 * A task with a check tells its result in every update, an empty one before the first. An update about one of the two checks of a running
 * task repeats what is known of the other.
 *
 * @source scheduler API §11; Mesos 1.11 behaviour: updates of checks are made from the update before
 */
function checkMembers(task: AgentTask, change: StatusChange): Pick<TaskStatus, 'healthy' | 'check_status'> {
  const last = task.statuses.at(-1);
  const isRepeated = last?.state === 'TASK_RUNNING' && change.state === 'TASK_RUNNING';
  const healthy = change.healthy ?? (isRepeated ? last.healthy : undefined);
  const { check } = task.info;
  const checkStatus = change.check_status ?? (check && (last?.check_status ?? noResultOf(check)));
  return {
    ...(healthy === undefined ? {} : { healthy }),
    ...(checkStatus === undefined ? {} : { check_status: checkStatus }),
  };
}

function containerStatus(task: AgentTask, state: TaskState, ip: string): TaskStatus['container_status'] {
  if (task.container === undefined) return undefined;
  const container_id = { value: task.containerId };
  const full = { network_infos: networkInfosOf(ip), executor_pid: task.container.pid };
  if (!isNestedTask(task)) return { container_id, ...full };
  const parent = { value: task.executorContainerId ?? '' };
  return { container_id: { ...container_id, parent }, ...(state === 'TASK_RUNNING' ? full : {}) };
}

/** A container without a network of its own has the address of its agent. */
export const networkInfosOf = (ip: string): NetworkInfo[] => [
  { ip_addresses: [{ protocol: ip.includes(':') ? 'IPv6' : 'IPv4', ip_address: ip }] },
];
