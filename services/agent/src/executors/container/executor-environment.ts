import type { CommandInfo, FrameworkInfo } from '@tranche/mesos-api';
import { commandVariables, type Variables } from '../../containers/command-variables.js';
import { durationText } from './duration-text.js';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** How long executors wait at most between two tries to subscribe again. @source Mesos 1.11 */
const SUBSCRIPTION_BACKOFF_MAX_MS = 2_000;

/** What of the agent the environment of its executors shows. */
export interface ExecutorSurroundings {
  readonly agentId: string;
  readonly ip: string;
  readonly port: number;
  /** Host path of the sandbox. */
  readonly sandbox: string;
  /** Applied first, so that everything else overrides it. */
  readonly executorEnvironment: Readonly<Record<string, string>>;
  /** From SHUTDOWN to the end by force. */
  readonly shutdownGraceMs: number;
  /** How long an executor waits for an agent that is away. */
  readonly recoveryTimeoutMs: number;
}

/**
 * The complete environment of an executor; nothing is inherited from the agent's process.
 *
 * The names are part of the executor API and stay as Mesos spells them. The command's own variables have the last word.
 *
 * @param role of a task that plays its own executor
 * @returns in order, each name once
 * @source executor API §6; Mesos 1.11 behaviour
 */
export function executorEnvironment(
  of: {
    readonly frameworkId: string;
    readonly executorId: string;
    readonly command: CommandInfo;
    readonly role?: string;
  },
  framework: FrameworkInfo,
  around: ExecutorSurroundings,
): Variables {
  const { agentId, ip, port, sandbox } = around;
  const variables = new Map<string, string>([
    ['PATH', DEFAULT_PATH],
    ...Object.entries(around.executorEnvironment),
    ['LIBPROCESS_IP', ip],
    ['LIBPROCESS_PORT', '0'],
    ['MESOS_AGENT_ENDPOINT', `${ip}:${port}`],
    ...(of.role === undefined ? [] : ([['MESOS_ALLOCATION_ROLE', of.role]] as const)),
    ['MESOS_CHECKPOINT', framework.checkpoint === true ? '1' : '0'],
    ['MESOS_DIRECTORY', sandbox],
    ['MESOS_EXECUTOR_ID', of.executorId],
    ['MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD', durationText(around.shutdownGraceMs)],
    ['MESOS_FRAMEWORK_ID', of.frameworkId],
    ['MESOS_HTTP_COMMAND_EXECUTOR', '0'],
    ['MESOS_SANDBOX', sandbox],
    ['MESOS_SLAVE_ID', agentId],
    ['MESOS_SLAVE_PID', `slave(1)@${ip}:${port}`],
    ...(framework.checkpoint === true
      ? ([
          ['MESOS_RECOVERY_TIMEOUT', durationText(around.recoveryTimeoutMs)],
          ['MESOS_SUBSCRIPTION_BACKOFF_MAX', durationText(SUBSCRIPTION_BACKOFF_MAX_MS)],
        ] as const)
      : []),
  ]);
  for (const [name, value] of commandVariables(of.command)) variables.set(name, value);
  return [...variables];
}

/**
 * The environment of a task of a group: nothing of its executor's, what the command asks for, and where it runs.
 *
 * @source Mesos 1.11 behaviour: default executor
 */
export function nestedEnvironment(
  of: { readonly command: CommandInfo; readonly role: string },
  around: { readonly ip: string; readonly sandbox: string },
): Variables {
  const variables = new Map<string, string>([
    ['PATH', DEFAULT_PATH],
    ['MESOS_ALLOCATION_ROLE', of.role],
    ['MESOS_CONTAINER_IP', around.ip],
    ['MESOS_SANDBOX', around.sandbox],
  ]);
  for (const [name, value] of commandVariables(of.command)) variables.set(name, value);
  return [...variables];
}
