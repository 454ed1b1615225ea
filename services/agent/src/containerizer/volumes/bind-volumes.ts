import { stat } from 'node:fs/promises';
import { isAbsolute, join, normalize, relative } from 'node:path';
import { IMAGE_FLAGS } from '../oci/mount-script.js';
import type { SpecMount } from '../oci/runtime-spec.js';
import { type ContainerVolume, VolumeMountError } from './container-volume.js';
import { mountPointIn } from './mount-point.js';
import { prepareSource } from './volume-source.js';

/**
 * The mounts by which a container with a mount namespace sees its volumes, in the order in which they were asked for.
 *
 * @param inside where a container with an image sees its sandbox: absolute container paths then are its own and are made when they are not there
 * @throws VolumeMountError, or the system's error
 */
export async function bindVolumes(
  sandbox: string,
  volumes: readonly ContainerVolume[],
  inside?: string,
): Promise<SpecMount[]> {
  const mounts: SpecMount[] = [];
  for (const volume of volumes) {
    const { isFile } = await prepareSource(sandbox, volume);
    const { kind, source, containerPath, readOnly } = volume;
    const destination = isAbsolute(containerPath)
      ? await absolute(containerPath, inside)
      : seenAt(await mountPointIn(sandbox, containerPath, isFile), sandbox, inside);
    mounts.push({
      destination,
      type: 'bind',
      source,
      options: ['rbind', readOnly ? 'ro' : 'rw', ...(kind === 'image' ? IMAGE_FLAGS : [])],
    });
  }
  return mounts;
}

const absolute = async (path: string, inside: string | undefined): Promise<string> =>
  inside === undefined ? existing(path) : normalize(path);

const seenAt = (path: string, sandbox: string, inside: string | undefined): string =>
  inside === undefined ? path : join(inside, relative(sandbox, path));

/** Without an image the container's root is the host's: nothing is made there. @source Mesos 1.11: volume/host_path */
async function existing(path: string): Promise<string> {
  if ((await stat(path).catch(() => undefined)) !== undefined) return path;
  throw new VolumeMountError(`container path '${path}' is not there`);
}
