import { join } from 'node:path';
import { SANDBOX_INSIDE } from '../../container.js';
import { BaseIsolator, type ContainerPlan } from '../../isolator.js';
import { OVERLAY, type SpecContribution, type SpecOverlay } from '../../oci/runtime-spec.js';
import type { RootFolders } from '../../rootfs/root-folders.js';
import { bindVolumes } from '../../volumes/bind-volumes.js';
import type { ContainerVolume } from '../../volumes/container-volume.js';
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
    const root = image && (await this.place().make(id, image));
    const laid = await this.layVolumes(id, volumes);
    const overlays = [...(root === undefined ? [] : [root]), ...laid.overlays];
    const common = { namespaces: ['mount'], ...(overlays.length === 0 ? {} : { overlays }) } as const;
    if (root === undefined) return { ...common, mounts: [DEV, ...(await bindVolumes(sandbox, laid.volumes))] };
    return {
      ...common,
      rootfs: join(root.place, OVERLAY.merged),
      mounts: [
        ...SYSTEM_MOUNTS,
        ...hostFiles(),
        { destination: SANDBOX_INSIDE, type: 'bind', source: sandbox, options: ['rbind', 'rw'] },
        ...(await bindVolumes(sandbox, laid.volumes, SANDBOX_INSIDE)),
      ],
      ...HIDDEN,
    };
  }

  /** Volumes of images become folders that their layers are mounted on. */
  private async layVolumes(
    id: string,
    volumes: readonly ContainerVolume[],
  ): Promise<{ readonly volumes: readonly ContainerVolume[]; readonly overlays: readonly SpecOverlay[] }> {
    const overlays: SpecOverlay[] = [];
    const laid: ContainerVolume[] = [];
    for (const volume of volumes) {
      const { kind, source: name, layers = [] } = volume;
      if (kind !== 'image') {
        laid.push(volume);
        continue;
      }
      const overlay = await this.place().make(id, { name, layers }, overlays.length);
      overlays.push(overlay);
      laid.push({ ...volume, source: join(overlay.place, OVERLAY.merged) });
    }
    return { volumes: laid, overlays };
  }

  private place(): RootFolders {
    if (this.rootfses === undefined) throw new Error('this agent has no place for root file systems of images');
    return this.rootfses;
  }

  override async cleanup(id: string): Promise<void> {
    await this.rootfses?.remove(id);
  }
}
