import { join } from 'node:path';
import { SANDBOX_INSIDE } from '../../container.js';
import { BaseIsolator, type ContainerPlan, type RecoveredPlan } from '../../isolator.js';
import { OVERLAY, type SpecContribution } from '../../oci/runtime-spec.js';
import type { RootFolders } from '../../rootfs/root-folders.js';
import { bindVolumes } from '../../volumes/bind-volumes.js';
import { HIDDEN, hostFiles, SYSTEM_MOUNTS } from './image-mounts.js';

/**
 * Bound explicitly although the staged root has it already: with a bind on /dev the runtimes leave it as it is.
 * Otherwise they complete it, and crun replaces the host's own /dev/ptmx by a symbolic link.
 */
const DEV = { destination: '/dev', type: 'bind', source: '/dev', options: ['rbind', 'rw'] };

/**
 * Gives the container a mount namespace of its own. Without an image it sees the host's file system under the same
 * paths, its sandbox among them; what it mounts stays inside and goes with it. Volumes are bind mounts.
 *
 * With an image it sees the image, its own changes to it, the system's file systems, and its sandbox under a path of its own. Neither the
 * layers nor their mounts are shared with the host: the mounts are made in the namespace of the container's supervisor and go with it.
 *
 * @source Mesos 1.11, filesystem/linux, with volume/host_path and volume/sandbox_path; for an image also network/cni's files of the host
 */
export class LinuxFilesystemIsolator extends BaseIsolator {
  override readonly name = 'filesystem/linux';

  /** @param rootfses absent where no container can have an image */
  constructor(private readonly rootfses?: RootFolders) {
    super();
  }

  override async prepare({ id, sandbox, image, volumes = [] }: ContainerPlan): Promise<SpecContribution> {
    if (image === undefined) return { namespaces: ['mount'], mounts: [DEV, ...(await bindVolumes(sandbox, volumes))] };
    if (this.rootfses === undefined) throw new Error('this agent has no place for root file systems of images');
    const overlay = await this.rootfses.make(id, image);
    return {
      ...{ namespaces: ['mount'], rootfs: join(overlay.place, OVERLAY.merged), overlays: [overlay] },
      mounts: [
        ...SYSTEM_MOUNTS,
        ...hostFiles(),
        { destination: SANDBOX_INSIDE, type: 'bind', source: sandbox, options: ['rbind', 'rw'] },
        ...(await bindVolumes(sandbox, volumes, SANDBOX_INSIDE)),
      ],
      ...HIDDEN,
    };
  }

  override async recover(known: readonly RecoveredPlan[]): Promise<void> {
    await this.rootfses?.keepOnly(known.map(({ id }) => id));
  }

  override async cleanup(id: string): Promise<void> {
    await this.rootfses?.remove(id);
  }
}
