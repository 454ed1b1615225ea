import { isAbsolute, join, resolve } from 'node:path';
import { idError } from '@tranche/mesos-api';
import { type Resource, roleError } from '@tranche/resources';

/** Where a persistent volume's data is. */
export interface VolumePlace {
  /** The folder that its tasks see. */
  readonly path: string;
  /** Where its data is put aside when it is destroyed, on the same file system; absent when the volume is a whole mounted disk. */
  readonly trash?: string;
}

/** A volume's name cannot be turned into a path, or a resource is no volume. */
export class BadVolumeError extends Error {
  readonly code = 'agent/bad-volume';
  constructor(message: string) {
    super(message);
    this.name = 'BadVolumeError';
  }
}

/**
 * The place of a persistent volume, as on a Mesos agent: `volumes/roles/ROLE/ID` below the work directory or the root of a PATH disk, the
 * mount point itself for a MOUNT disk. The slashes of a role become spaces.
 *
 * @param trashName contains no slash
 * @throws BadVolumeError for names that would lead elsewhere
 * @source Mesos 1.11: layout of the agent's work directory
 */
export function volumePlace(workDir: string, volume: Resource, trashName = 'volume'): VolumePlace {
  const { disk, reservations } = volume;
  const id = disk?.persistence?.id;
  if (id === undefined) throw new BadVolumeError('the resource is no persistent volume');
  const role = reservations.at(-1)?.role ?? '*';
  const bad = idError(id) ?? (role === '*' ? undefined : roleError(role)) ?? idError(trashName);
  if (bad !== undefined) throw new BadVolumeError(bad);
  const root = rootOf(workDir, volume);
  if (disk?.source?.type === 'MOUNT') return { path: root };
  const volumes = join(root, 'volumes');
  return { path: join(volumes, 'roles', role.replaceAll('/', ' '), id), trash: join(volumes, 'removed', trashName) };
}

/** @source Mesos 1.11: a relative root of a disk is below the work directory */
function rootOf(workDir: string, { disk }: Resource): string {
  const source = disk?.source;
  if (source === undefined) return resolve(workDir);
  if (source.type !== 'PATH' && source.type !== 'MOUNT') {
    throw new BadVolumeError(`a ${source.type} disk holds no persistent volumes`);
  }
  if (source.root === undefined) throw new BadVolumeError(`a ${source.type} disk without a root`);
  return isAbsolute(source.root) ? source.root : join(resolve(workDir), source.root);
}
