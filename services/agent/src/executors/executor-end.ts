import { capabilitiesOf, type FrameworkInfo } from '@tranche/mesos-api';
import type { ExecutorShutdown } from '../checkpoint/record.js';
import type { ContainerTermination } from '../containerizer/container.js';
import type { StatusChange } from '../tasks/status-change.js';
import { endByLimitation } from '../tasks/task-end.js';

/** What an executor's end looks like to its tasks that have not ended: a limit weighs most, then why the agent ended it. */
export function endOfExecutorTask(
  framework: FrameworkInfo,
  termination: ContainerTermination,
  shutdown: ExecutorShutdown | undefined,
): StatusChange {
  if (termination.limitation !== undefined) return endByLimitation(termination.limitation);
  const source = 'SOURCE_AGENT';
  const message = shutdown?.message ?? 'Executor terminated';
  const gone = capabilitiesOf(framework).has('PARTITION_AWARE') ? 'TASK_GONE' : 'TASK_LOST';
  switch (shutdown?.cause) {
    case 'not-registered':
      return { state: 'TASK_FAILED', source, reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT', message };
    case 'not-reregistered':
      return { state: gone, source, reason: 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT', message };
    case 'not-updated':
      return { state: gone, source, reason: 'REASON_CONTAINER_UPDATE_FAILED', message };
    case 'not-checkpointed':
      return { state: gone, source, reason: 'REASON_AGENT_RESTARTED', message };
    case 'not-launched':
      return { state: 'TASK_FAILED', source, reason: 'REASON_CONTAINER_LAUNCH_FAILED', message };
    default:
      return { state: 'TASK_FAILED', source, reason: 'REASON_EXECUTOR_TERMINATED', message };
  }
}
