import { BaseIsolator, type ContainerPlan } from '../../isolator.js';
import type { SpecContribution } from '../../oci/runtime-spec.js';
import { bindVolumes } from '../../volumes/bind-volumes.js';

/**
 * Bound explicitly although the staged root has it already: with a bind on /dev the runtimes leave it as it is.
 * Otherwise they complete it, and crun replaces the host's own /dev/ptmx by a symbolic link.
 */
const DEV = { destination: '/dev', type: 'bind', source: '/dev', options: ['rbind', 'rw'] };

/**
 * Gives the container a mount namespace of its own. Without an image it sees the host's file system under the same
 * paths, its sandbox among them; what it mounts stays inside and goes with it. Volumes are bind mounts.
 *
 * @source Mesos 1.11, filesystem/linux for containers without an image, with volume/host_path and volume/sandbox_path
 */
export class LinuxFilesystemIsolator extends BaseIsolator {
  override readonly name = 'filesystem/linux';

  override async prepare({ sandbox, volumes = [] }: ContainerPlan): Promise<SpecContribution> {
    return { namespaces: ['mount'], mounts: [DEV, ...(await bindVolumes(sandbox, volumes))] };
  }
}
