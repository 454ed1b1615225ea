import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { SpecMount } from '../oci/runtime-spec.js';
import { type ContainerVolume, VolumeMountError } from './container-volume.js';
import { mountPointIn } from './mount-point.js';
import { prepareSource } from './volume-source.js';

/**
 * The mounts by which a container with a mount namespace sees its volumes, in the order in which they were asked for.
 *
 * @throws VolumeMountError, or the system's error
 */
export async function bindVolumes(sandbox: string, volumes: readonly ContainerVolume[]): Promise<SpecMount[]> {
  const mounts: SpecMount[] = [];
  for (const volume of volumes) {
    const { isFile } = await prepareSource(sandbox, volume);
    const { source, containerPath, readOnly } = volume;
    const destination = isAbsolute(containerPath)
      ? await existing(containerPath)
      : await mountPointIn(sandbox, containerPath, isFile);
    mounts.push({ destination, type: 'bind', source, options: ['rbind', readOnly ? 'ro' : 'rw'] });
  }
  return mounts;
}

/** Without an image the container's root is the host's: nothing is made there. @source Mesos 1.11: volume/host_path */
async function existing(path: string): Promise<string> {
  if ((await stat(path).catch(() => undefined)) !== undefined) return path;
  throw new VolumeMountError(`container path '${path}' is not there`);
}
