import { BaseIsolator, type ContainerPlan } from '../../isolator.js';
import type { SpecContribution } from '../../oci/runtime-spec.js';
import type { RootFolders } from '../../rootfs/root-folders.js';
import { linkVolumes } from '../../volumes/link-volumes.js';

/**
 * The host's file system and its mounts, shared. Persistent volumes are symbolic links in the sandbox.
 *
 * @source Mesos 1.11, filesystem/posix
 */
export class PosixFilesystemIsolator extends BaseIsolator {
  override readonly name = 'filesystem/posix';

  /** @param rootfses of containers with an image that an agent with another isolation has left; absent where there can be none */
  constructor(private readonly rootfses?: Pick<RootFolders, 'remove'>) {
    super();
  }

  override async prepare({ sandbox, volumes = [] }: ContainerPlan): Promise<SpecContribution> {
    await linkVolumes(sandbox, volumes);
    return {};
  }

  override async cleanup(id: string): Promise<void> {
    await this.rootfses?.remove(id);
  }
}
