import type { FrameworkInfo } from '@tranche/mesos-api';
import type { AgentTask } from '../agent-task.js';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What of the agent the environment of its tasks shows. */
export interface TaskEnvironmentOptions {
  readonly agentId: string;
  readonly ip: string;
  readonly port: number;
  /** Host path of the sandbox. */
  readonly sandbox: string;
  /** Applied first, so that everything else overrides it. */
  readonly executorEnvironment: Readonly<Record<string, string>>;
}

/**
 * The complete environment of a command task; nothing is inherited from the agent's process.
 *
 * The names are part of the executor API and stay as Mesos spells them. The command's own variables have the last word.
 *
 * @returns in order, each name once
 * @source Mesos 1.11 behaviour: environment of executors and command tasks
 */
export function taskEnvironment(
  task: AgentTask,
  framework: FrameworkInfo,
  options: TaskEnvironmentOptions,
): (readonly [name: string, value: string])[] {
  const { agentId, ip, port, sandbox, executorEnvironment } = options;
  const variables = new Map<string, string>([
    ['PATH', DEFAULT_PATH],
    ...Object.entries(executorEnvironment),
    ['LIBPROCESS_IP', ip],
    ['LIBPROCESS_PORT', '0'],
    ['MESOS_AGENT_ENDPOINT', `${ip}:${port}`],
    ['MESOS_ALLOCATION_ROLE', task.role],
    ['MESOS_CHECKPOINT', framework.checkpoint === true ? '1' : '0'],
    ['MESOS_DIRECTORY', sandbox],
    ['MESOS_EXECUTOR_ID', task.taskId],
    ['MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD', '5secs'],
    ['MESOS_FRAMEWORK_ID', task.frameworkId],
    ['MESOS_HTTP_COMMAND_EXECUTOR', '0'],
    ['MESOS_SANDBOX', sandbox],
    ['MESOS_SLAVE_ID', agentId],
    ['MESOS_SLAVE_PID', `slave(1)@${ip}:${port}`],
    ...(framework.checkpoint === true
      ? ([
          ['MESOS_RECOVERY_TIMEOUT', '15mins'],
          ['MESOS_SUBSCRIPTION_BACKOFF_MAX', '2secs'],
        ] as const)
      : []),
  ]);
  for (const { name, value = '' } of task.info.command?.environment?.variables ?? []) variables.set(name, value);
  return [...variables];
}
