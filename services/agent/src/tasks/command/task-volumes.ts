import { isAbsolute, join } from 'node:path';
import type { TaskInfo, Volume } from '@tranche/mesos-api';
import { isPersistentVolume, type Resource, Resources } from '@tranche/resources';
import type { ContainerVolume } from '../../containerizer/volumes/container-volume.js';
import { BadVolumeError, volumePlace } from '../../volumes/volume-place.js';

/** Where a task's volumes are found. */
export interface VolumeSurroundings {
  readonly workDir: string;
  /** Of the task. */
  readonly sandbox: string;
  /** Of its executor, for a task of a group. */
  readonly parentSandbox?: string;
  /** Persistent volumes that other live tasks use. */
  readonly inUse: Resources;
}

/**
 * What a task's container sees beside its sandbox: the persistent volumes among its resources, then the volumes it asks for by name.
 *
 * @throws BadVolumeError with a message fit for the task's status
 * @source Mesos 1.11: filesystem/linux, volume/host_path, volume/sandbox_path
 */
export function volumesOf(
  task: Pick<TaskInfo, 'resources' | 'container'>,
  around: VolumeSurroundings,
): ContainerVolume[] {
  const persistent = [...Resources.fromJson(task.resources ?? [])].filter(isPersistentVolume);
  return [
    ...persistent.map((volume) => persistentVolume(volume, around)),
    // Those of images come with the images.
    ...(task.container?.volumes ?? []).flatMap((volume) =>
      volume.image === undefined ? [namedVolume(volume, around)] : [],
    ),
  ];
}

function persistentVolume(resource: Resource, { workDir, inUse }: VolumeSurroundings): ContainerVolume {
  const mount = resource.disk?.volume;
  const { path } = volumePlace(workDir, resource);
  if (mount === undefined) throw new BadVolumeError(`persistent volume ${path} has no container path`);
  const single = Resources.of([{ ...resource, allocationRole: undefined, copies: 1 }]);
  return {
    kind: 'persistent',
    source: path,
    containerPath: mount.container_path,
    readOnly: mount.mode === 'RO',
    ...(resource.shared === true && inUse.contains(single) ? { keepsOwner: true } : {}),
  };
}

function namedVolume(volume: Volume, around: VolumeSurroundings): ContainerVolume {
  const { container_path: containerPath, source } = volume;
  const readOnly = volume.mode === 'RO';
  const host = source?.type === 'HOST_PATH' ? source.host_path?.path : volume.host_path;
  if (host !== undefined && isAbsolute(host)) return { kind: 'host', source: host, containerPath, readOnly };
  if (source?.type === 'SANDBOX_PATH' && source.sandbox_path?.type === 'PARENT') {
    return parentVolume(containerPath, source.sandbox_path.path, readOnly, around);
  }
  // An old host path that is relative means the sandbox.
  const own = source?.type === 'SANDBOX_PATH' ? ownPath(volume) : host;
  if (own === undefined || own === '') throw new BadVolumeError(`volume at '${containerPath}' has no source here`);
  if (own.split('/').includes('..')) throw new BadVolumeError(`path '${own}' leaves the sandbox`);
  if (!isAbsolute(containerPath)) {
    throw new BadVolumeError(`container path '${containerPath}' of a sandbox volume must be absolute`);
  }
  return { kind: 'sandbox', source: join(around.sandbox, own), containerPath, readOnly };
}

/** What the tasks of an executor share: a folder of its sandbox. */
function parentVolume(
  containerPath: string,
  path: string,
  readOnly: boolean,
  { parentSandbox }: VolumeSurroundings,
): ContainerVolume {
  if (parentSandbox === undefined) {
    throw new BadVolumeError(`volume at '${containerPath}': a command task has no parent whose sandbox it could see`);
  }
  if (path === '' || isAbsolute(path) || path.split('/').includes('..')) {
    throw new BadVolumeError(`path '${path}' leaves the sandbox`);
  }
  return { kind: 'sandbox', source: join(parentSandbox, path), containerPath, readOnly };
}

/** Shared volumes that these hold. */
export const sharedVolumes = (holders: Iterable<{ readonly info: Pick<TaskInfo, 'resources'> }>): Resources =>
  Resources.fromJson(
    [...holders].flatMap(({ info }) => info.resources ?? []).filter(({ shared }) => shared),
  ).withoutAllocationRole();

function ownPath({ source, container_path: containerPath }: Volume): string | undefined {
  const path = source?.sandbox_path;
  if (path?.type !== 'SELF') throw new BadVolumeError(`volume at '${containerPath}': unknown type of sandbox path`);
  return path.path;
}
