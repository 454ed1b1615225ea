import { BaseIsolator, type ContainerPlan } from '../../isolator.js';
import type { SpecContribution } from '../../oci/runtime-spec.js';
import { linkVolumes } from '../../volumes/link-volumes.js';

/**
 * The host's file system and its mounts, shared. Persistent volumes are symbolic links in the sandbox.
 *
 * @source Mesos 1.11, filesystem/posix
 */
export class PosixFilesystemIsolator extends BaseIsolator {
  override readonly name = 'filesystem/posix';

  override async prepare({ sandbox, volumes = [] }: ContainerPlan): Promise<SpecContribution> {
    await linkVolumes(sandbox, volumes);
    return {};
  }
}
