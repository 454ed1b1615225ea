import { commandVariables } from './command-variables.js';
import { Resources } from '@tranche/resources';
import type { ContainerConfig, ResourceLimits } from '../containerizer/container.js';
import { terminalOf } from '../containerizer/terminal/tty-info.js';
import { SYSTEM_PATH } from '../containerizer/processes/system-path.js';
import { argvOf } from '../tasks/command/command-task.js';
import { type LimitOptions, limitsOf } from '../tasks/command/task-limits.js';
import { volumesOf } from '../tasks/command/task-volumes.js';
import type { ContainerLaunch } from './agent-container.js';

/**
 * The container of a launch over the agent API.
 *
 * A nested one has the limits of the container around it, unless it asks for cgroups of its own. One that stands alone and asks for no memory
 * has no limit of it; one that asks for no cpus gets what others leave.
 *
 * @param around parentSandbox: of the container around it, if there is one
 * @throws BadVolumeError
 * @source Mesos 1.11 behaviour: nested and standalone containers; linux_info.share_cgroups
 */
export function containerConfig(
  launch: ContainerLaunch,
  around: LimitOptions & { readonly workDir: string; readonly parentSandbox?: string },
): ContainerConfig {
  const { containerId, id, parentId, command, container, sandbox, user } = launch;
  const volumes = volumesOf({ ...(container && { container }) }, { ...around, sandbox, inUse: Resources.EMPTY });
  const linux = container?.linux_info;
  return {
    id: containerId,
    args: argvOf(command),
    env: environmentOf(launch),
    user,
    sandbox,
    limits: ownLimits(launch, around),
    ...terminalOf(container),
    ...(volumes.length === 0 ? {} : { volumes }),
    ...(parentId === undefined
      ? {}
      : {
          nesting: {
            parentId,
            name: id.value,
            sharesLimits: linux?.share_cgroups !== false,
            ...(linux?.share_pid_namespace === true ? { sharesPids: true } : {}),
          },
        }),
  };
}

/** Nothing of the container around it: what the command asks for, and where it runs. */
function environmentOf({ command, sandbox }: ContainerLaunch): ContainerConfig['env'] {
  const variables = new Map([
    ['PATH', SYSTEM_PATH],
    ['MESOS_SANDBOX', sandbox],
  ]);
  for (const [name, value] of commandVariables(command)) variables.set(name, value);
  return [...variables];
}

function ownLimits({ resources = [], limits }: ContainerLaunch, options: LimitOptions): ResourceLimits {
  const own = limitsOf({ resources: [...resources], ...(limits && { limits }) }, options);
  const isLimited = resources.some(({ name }) => name === 'mem') || own.memLimitBytes !== undefined;
  return isLimited ? own : { ...own, memLimitBytes: Number.POSITIVE_INFINITY };
}
