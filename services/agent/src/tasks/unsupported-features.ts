import type { CommandInfo, ContainerInfo, TaskInfo } from '@tranche/mesos-api';

/**
 * What a task asks for that this version of the agent cannot give, in words for the task's status: `container images`, `health checks`.
 *
 * A task is refused for any of them before anything is created: running it without would be running something else than was asked for.
 *
 * @returns every such feature, in the order of the task's members; empty for a task that can run
 */
export function unsupportedFeatures(task: TaskInfo): string[] {
  return [
    ...(task.executor === undefined ? [] : ['custom executors']),
    ...(task.command === undefined ? [] : ofCommand(task.command)),
    ...(task.container === undefined ? [] : ofContainer(task.container)),
    ...(task.health_check === undefined ? [] : ['health checks']),
    ...(task.check === undefined ? [] : ['checks']),
    ...ofResources(task),
  ];
}

function ofCommand(command: CommandInfo): string[] {
  return [
    ...(isFilled(command.uris) ? ['fetching URIs'] : []),
    ...(command.environment?.variables?.some(({ secret, type }) => secret !== undefined || type === 'SECRET')
      ? ['secrets in the environment']
      : []),
  ];
}

function ofContainer(container: ContainerInfo): string[] {
  const { linux_info: linux } = container;
  return [
    ...(container.type === 'DOCKER' || container.docker !== undefined ? ['Docker containers'] : []),
    ...(container.mesos?.image === undefined ? [] : ['container images']),
    ...(isFilled(container.volumes) ? ['volumes'] : []),
    ...(isFilled(container.network_infos) ? ['container networks'] : []),
    ...(container.hostname === undefined ? [] : ['container host names']),
    // Not sharing cgroups is what a command task does anyway.
    ...(linux === undefined || Object.keys(linux).every((member) => member === 'share_cgroups')
      ? []
      : ['Linux settings of containers']),
    ...(container.rlimit_info === undefined ? [] : ['resource limits of processes']),
    ...(container.tty_info === undefined ? [] : ['terminals']),
  ];
}

function ofResources(task: TaskInfo): string[] {
  const disks = task.resources?.filter(({ disk }) => disk !== undefined) ?? [];
  return disks.length === 0 ? [] : ['persistent volumes and disk sources'];
}

const isFilled = (list: readonly unknown[] | undefined): boolean => list !== undefined && list.length > 0;
