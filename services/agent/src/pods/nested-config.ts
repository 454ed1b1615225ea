import type { FrameworkInfo } from '@tranche/mesos-api';
import type { ContainerConfig } from '../containerizer/container.js';
import { terminalOf } from '../containerizer/terminal/tty-info.js';
import type { ContainerVolume } from '../containerizer/volumes/container-volume.js';
import { type AgentExecutor, userOfExecutor } from '../executors/agent-executor.js';
import { nestedEnvironment } from '../executors/container/executor-environment.js';
import type { AgentTask } from '../tasks/agent-task.js';
import { argvOf } from '../tasks/command/command-task.js';
import { limitsOf } from '../tasks/command/task-limits.js';

/** User whose name a task of a group runs under: its command's, else its executor's. */
export const userOfNested = (task: AgentTask, executor: AgentExecutor, framework: FrameworkInfo): string =>
  task.info.command?.user ?? userOfExecutor(executor, framework);

/**
 * The container of a task of a group. Unless it asks otherwise, it shares the limits of its executor's container, which has what all of
 * the executor's tasks ask for.
 *
 * @source Mesos 1.11 behaviour: default executor; linux_info.share_cgroups, share_pid_namespace
 */
export function nestedConfig(
  task: AgentTask,
  around: {
    readonly executor: AgentExecutor;
    readonly ip: string;
    readonly sandbox: string;
    readonly user: string;
    readonly enforceCpuRequest: boolean;
    readonly volumes: readonly ContainerVolume[];
  },
): ContainerConfig {
  const { command = {}, container } = task.info;
  const { sandbox, user, ip, executor, volumes } = around;
  const linux = container?.linux_info;
  return {
    id: task.containerId,
    args: argvOf(command),
    env: nestedEnvironment({ command, role: task.role }, { ip, sandbox }),
    user,
    sandbox,
    limits: limitsOf(task.info, around),
    ...terminalOf(container),
    ...(volumes.length === 0 ? {} : { volumes }),
    nesting: {
      parentId: executor.containerId,
      sharesLimits: linux?.share_cgroups !== false,
      ...(linux?.share_pid_namespace === true ? { sharesPids: true } : {}),
    },
  };
}
