import { isAbsolute } from 'node:path';
import { type ContainerVolume, VolumeMountError } from './container-volume.js';
import { linkIn } from './mount-point.js';
import { prepareSource } from './volume-source.js';

/**
 * Shows volumes to a container without a mount namespace: by symbolic links in its sandbox.
 *
 * What a link cannot do is refused, but for read-only volumes, which are shown writable as Mesos does.
 *
 * @throws VolumeMountError, or the system's error
 * @source Mesos 1.11: filesystem/posix
 */
export async function linkVolumes(sandbox: string, volumes: readonly ContainerVolume[]): Promise<void> {
  for (const volume of volumes) {
    const { kind, source, containerPath } = volume;
    if (kind === 'host' || kind === 'image')
      throw new VolumeMountError(`the host's ${source} can only be shown with filesystem/linux`);
    if (isAbsolute(containerPath)) {
      throw new VolumeMountError(`container path '${containerPath}' is absolute, which needs filesystem/linux`);
    }
    await prepareSource(sandbox, volume);
    await linkIn(sandbox, containerPath, source);
  }
}
