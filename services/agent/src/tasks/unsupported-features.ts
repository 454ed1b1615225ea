import type { CommandInfo, ContainerInfo, ExecutorInfo, Image, TaskInfo, Volume } from '@tranche/mesos-api';
import { isDefaultExecutor } from '../executors/agent-executor.js';

/**
 * What a task asks for that this version of the agent cannot give, in words for the task's status: `container networks`, `block devices and raw disks`.
 *
 * A task is refused for any of them before anything is created: running it without would be running something else than was asked for.
 *
 * @returns every such feature, in the order of the task's members; empty for a task that can run
 */
export function unsupportedFeatures(task: TaskInfo): string[] {
  const { executor } = task;
  // The rest of the task is for the executor's process to understand.
  if (executor !== undefined && !isDefaultExecutor(executor)) return [...ofExecutor(executor), ...ofResources(task)];
  return [
    ...(executor === undefined ? [] : ofExecutor(executor)),
    ...[
      ...new Set(
        [task.command, ...checkCommands(task)].flatMap((command) =>
          command === undefined ? [] : unsupportedOfCommand(command),
        ),
      ),
    ],
    ...(task.container === undefined ? [] : ofContainer(task.container, executor === undefined ? [] : NESTED_SETTINGS)),
    ...ofResources(task),
  ];
}

/** The same of a container that a client of the agent API describes. @param isNested in another, whose pids it may share */
export const unsupportedOfContainer = (
  command: CommandInfo,
  container: ContainerInfo | undefined,
  isNested: boolean,
): string[] => [
  ...unsupportedOfCommand(command),
  ...(container === undefined ? [] : ofContainer(container, isNested ? NESTED_SETTINGS : [])),
];

const ofExecutor = ({ command, container }: ExecutorInfo): string[] => [
  ...(command === undefined ? [] : unsupportedOfCommand(command)),
  ...(container === undefined ? [] : ofContainer(container)),
];

const checkCommands = ({ check, health_check: health }: TaskInfo): (CommandInfo | undefined)[] => [
  check?.command?.command,
  health?.command,
];

/** The same of a command, wherever it is to run. */
export function unsupportedOfCommand(command: CommandInfo): string[] {
  return [
    // There is no resolver of names; a secret that bears its value needs none.
    ...(command.environment?.variables?.some(({ secret }) => secret !== undefined && secret.value === undefined)
      ? ['secrets by reference in the environment']
      : []),
  ];
}

/** Linux settings that mean something for a container in another. */
const NESTED_SETTINGS = ['share_pid_namespace'] as const;

function ofContainer(container: ContainerInfo, settings: readonly string[] = []): string[] {
  const { linux_info: linux } = container;
  return [
    ...(container.type === 'DOCKER' || container.docker !== undefined ? ['Docker containers'] : []),
    ...ofImage(container.mesos?.image),
    ...[...new Set((container.volumes ?? []).flatMap(ofVolume))],
    ...(isFilled(container.network_infos) ? ['container networks'] : []),
    ...(container.hostname === undefined ? [] : ['container host names']),
    // Not sharing cgroups is what a command task does anyway.
    ...(linux === undefined ||
    Object.keys(linux).every((member) => member === 'share_cgroups' || settings.includes(member))
      ? []
      : ['Linux settings of containers']),
    ...(container.rlimit_info === undefined ? [] : ['resource limits of processes']),
  ];
}

/** Docker's are the only ones that anybody makes. */
const ofImage = (image: Image | undefined): string[] =>
  image === undefined || image.type === 'DOCKER' ? [] : [`images of type ${image.type}`];

function ofResources(task: TaskInfo): string[] {
  const types = (task.resources ?? []).map(({ disk }) => disk?.source?.type);
  return types.includes('BLOCK') || types.includes('RAW') ? ['block devices and raw disks'] : [];
}

/** The host's folders and the sandbox's own are shown; everything else comes from somewhere that the agent does not know. */
function ofVolume({ image, source }: Volume): string[] {
  if (image !== undefined) return ofImage(image);
  if (source === undefined) return [];
  if (source.type === 'SANDBOX_PATH') return [];
  if (source.type !== 'HOST_PATH') return [`volumes of type ${source.type ?? 'UNKNOWN'}`];
  return source.host_path?.mount_propagation?.mode === 'BIDIRECTIONAL' ? ['mounts that spread to the host'] : [];
}

const isFilled = (list: readonly unknown[] | undefined): boolean => list !== undefined && list.length > 0;
