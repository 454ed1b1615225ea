import { capabilitiesOf, type FrameworkInfo, type Resource } from '@tranche/mesos-api';
import type { ContainerTermination, Limitation } from '../containerizer/container.js';
import type { KillRequest } from '../checkpoint/record.js';
import type { StatusChange } from './status-change.js';
import { describeWaitStatus, isSuccess } from './command/wait-status.js';

const MEBIBYTE = 1024 * 1024;

/**
 * The terminal status of a task whose container has ended.
 *
 * A limit that ended the container weighs most, then that the task was to be killed, whatever its exit status, then the exit status.
 *
 * @source Mesos 1.11 behaviour: command executor; agent-side termination of containers
 */
export function endOfTask(termination: ContainerTermination, kill: KillRequest | undefined): StatusChange {
  const { limitation, waitStatus } = termination;
  if (limitation !== undefined) return endByLimitation(limitation);
  const message = waitStatus === undefined ? 'Container ended without an exit status' : describeWaitStatus(waitStatus);
  if (kill?.cause === 'max-completion-time') {
    return { state: 'TASK_FAILED', source: 'SOURCE_EXECUTOR', reason: 'REASON_MAX_COMPLETION_TIME_REACHED', message };
  }
  if (kill !== undefined) {
    const health = kill.cause === 'unhealthy' ? { healthy: false } : {};
    return { state: 'TASK_KILLED', source: 'SOURCE_EXECUTOR', message, ...health };
  }
  if (waitStatus === undefined) {
    return { state: 'TASK_FAILED', source: 'SOURCE_AGENT', reason: 'REASON_EXECUTOR_TERMINATED', message };
  }
  return { state: isSuccess(waitStatus) ? 'TASK_FINISHED' : 'TASK_FAILED', source: 'SOURCE_EXECUTOR', message };
}

/** The status of a task that was ended because its container, or that of its executor, had hit a limit. */
export /** @source Mesos 1.11: of memory what was used, of disk the quota */
function endByLimitation({ resource, message, usedBytes, limitBytes, persistenceId }: Limitation): StatusChange {
  const bytes = resource === 'disk' ? limitBytes : usedBytes;
  const exceeded: Resource = {
    ...{ name: resource, type: 'SCALAR', scalar: { value: Math.round(bytes / MEBIBYTE) } },
    ...(persistenceId === undefined ? {} : { disk: { persistence: { id: persistenceId } } }),
  };
  return {
    state: 'TASK_FAILED',
    source: 'SOURCE_AGENT',
    reason: resource === 'mem' ? 'REASON_CONTAINER_LIMITATION_MEMORY' : 'REASON_CONTAINER_LIMITATION_DISK',
    message,
    limitation: { resources: [exceeded] },
  };
}

/**
 * The status of a task whose container had ended while the agent was away and left no trace.
 *
 * @param rebooted the machine was: nothing of any container can be left
 */
export const endWithoutTrace = (kill: KillRequest | undefined, rebooted: boolean): StatusChange => ({
  state: kill === undefined || kill.cause === 'max-completion-time' ? 'TASK_FAILED' : 'TASK_KILLED',
  source: 'SOURCE_AGENT',
  reason: 'REASON_EXECUTOR_TERMINATED',
  message: rebooted
    ? 'Container ended when the machine was rebooted'
    : 'Container ended while the agent was away and left no exit status',
  ...(kill?.cause === 'unhealthy' ? { healthy: false } : {}),
});

/** The status of a task that never ran because of something on the agent's side: lost, or dropped for those who tell the two apart. */
export const dropTask = (
  framework: FrameworkInfo,
  reason: NonNullable<StatusChange['reason']>,
  message: string,
): StatusChange => ({
  state: capabilitiesOf(framework).has('PARTITION_AWARE') ? 'TASK_DROPPED' : 'TASK_LOST',
  source: 'SOURCE_AGENT',
  reason,
  message,
});
