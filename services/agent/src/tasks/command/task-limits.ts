import type { TaskInfo } from '@tranche/mesos-api';
import { isPersistentVolume, type Resource, Resources } from '@tranche/resources';
import type { ResourceLimits } from '../../containerizer/container.js';
import { volumePlace } from '../../volumes/volume-place.js';

const BYTES_PER_MB = 1024 * 1024;

type Asked = Pick<TaskInfo, 'resources' | 'limits'>;

export interface LimitOptions {
  readonly enforceCpuRequest: boolean;
  /** Persistent volumes are below it; without it they have no limits. */
  readonly workDir?: string;
}

/**
 * The limits of a task's container: requests from its resources, ceilings from its `limits`.
 *
 * There is no separate executor process, so nothing is added for one.
 *
 * @param options enforceCpuRequest: a task without a cpu limit is held to its request
 * @source Mesos 1.11 behaviour: cgroups/cpu and cgroups/mem, task resource limits
 */
export function limitsOf(task: Asked, options: LimitOptions): ResourceLimits {
  const cpusMilli = Math.round(requested(task, 'cpus') * 1000);
  const memBytes = Math.round(requested(task, 'mem') * BYTES_PER_MB);
  const cpusLimit = limited(task, 'cpus');
  const memLimit = limited(task, 'mem');
  const cpusLimitMilli =
    cpusLimit === undefined ? (options.enforceCpuRequest ? cpusMilli : undefined) : Math.round(cpusLimit * 1000);
  return {
    cpusMilli,
    memBytes,
    ...(cpusLimitMilli === undefined ? {} : { cpusLimitMilli }),
    ...(memLimit === undefined ? {} : { memLimitBytes: Math.round(memLimit * BYTES_PER_MB) }),
    ...diskLimits(task, options.workDir),
  };
}

/** Sum over all entries of a name: a task may hold reserved and unreserved ones. */
const requested = (task: Asked, name: string): number =>
  (task.resources ?? [])
    .filter((resource) => resource.name === name)
    .reduce((sum, { scalar }) => sum + Number(scalar?.value ?? 0), 0);

/** Infinity for a task that may use all there is. */
const limited = (task: Asked, name: string): number | undefined => {
  const value = task.limits?.[name]?.value;
  return value === undefined ? undefined : Number(value);
};

/**
 * What the sandbox and the persistent volumes may take: disk without a source is the sandbox's. A volume that is a disk of its own is
 * measured only, since it ends where its disk does.
 */
export function diskLimits(
  task: Pick<TaskInfo, 'resources'>,
  workDir: string | undefined,
): Pick<ResourceLimits, 'diskBytes' | 'volumes'> {
  const disks = [...Resources.fromJson(task.resources ?? [])].filter(({ name }) => name === 'disk');
  const plain = disks.filter((disk) => disk.disk === undefined);
  const volumes = workDir === undefined ? [] : disks.filter(isPersistentVolume);
  const bytesOf = (disk: Resource): number =>
    Math.round((disk.value.kind === 'scalar' ? disk.value.milli / 1000 : 0) * BYTES_PER_MB);
  return {
    ...(plain.length === 0 ? {} : { diskBytes: plain.reduce((sum, disk) => sum + bytesOf(disk), 0) }),
    ...(volumes.length === 0
      ? {}
      : {
          volumes: volumes.map((volume) => ({
            path: volumePlace(workDir ?? '', volume).path,
            limitBytes: bytesOf(volume),
            ...(volume.disk?.persistence?.id === undefined ? {} : { persistenceId: volume.disk.persistence.id }),
            ...(volume.disk?.source?.type === 'MOUNT' ? { isEnforced: false } : {}),
          })),
        }),
  };
}
