import type { TaskStatus } from '@tranche/mesos-api';
import type { AgentTask } from './agent-task.js';

/** What a new status of a task says; ids, time and container are added when it is made. */
export type StatusChange = Pick<TaskStatus, 'state' | 'source' | 'reason' | 'message' | 'limitation'>;

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
 * @source Mesos 1.11 behaviour: recorded status updates of command tasks
 */
export function makeStatus(task: AgentTask, change: StatusChange, origin: StatusOrigin): TaskStatus {
  const { state, source, reason, message, limitation } = change;
  const container = limitation === undefined ? containerStatus(task, origin.ip) : undefined;
  return {
    task_id: { value: task.taskId },
    state,
    ...(message === undefined ? {} : { message }),
    ...(source === undefined ? {} : { source }),
    ...(reason === undefined ? {} : { reason }),
    agent_id: { value: origin.agentId },
    executor_id: { value: task.taskId },
    timestamp: origin.nowMs / 1000,
    uuid: origin.uuid,
    ...(container === undefined ? {} : { container_status: container }),
    ...(limitation === undefined ? {} : { limitation }),
  };
}

function containerStatus(task: AgentTask, ip: string): TaskStatus['container_status'] {
  if (task.container === undefined) return undefined;
  return {
    container_id: { value: task.containerId },
    network_infos: [{ ip_addresses: [{ protocol: ip.includes(':') ? 'IPv6' : 'IPv4', ip_address: ip }] }],
    executor_pid: task.container.pid,
  };
}
