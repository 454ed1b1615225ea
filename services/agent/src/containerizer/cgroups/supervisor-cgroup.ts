import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inheritCpuset, tryRemove } from './cgroup-folder.js';

/**
 * The cgroup, in every hierarchy, of what watches over containers and has to outlive the agent: `<top folder>.supervisors`, shared by all agents.
 *
 * Whoever ends the agent by its cgroup (kubelet a pod, systemd a service) would end them with it, and nobody would be left to write down how a task
 * has ended. It lies beside the agents' own, where every folder is a container.
 */
export class SupervisorCgroup {
  private readonly name: string;

  /**
   * @param mounts of the hierarchies
   * @param root an agent's path below each of them
   */
  constructor(
    private readonly mounts: readonly string[],
    root: string,
  ) {
    const [top = ''] = root.split('/');
    this.name = `${top}.supervisors`;
  }

  /** Files that a process writes its pid to, to be in it. */
  get procsFiles(): string[] {
    return this.mounts.map((mount) => join(mount, this.name, 'cgroup.procs'));
  }

  create(): void {
    for (const mount of this.mounts) {
      mkdirSync(join(mount, this.name), { recursive: true });
      inheritCpuset(mount, this.name);
    }
  }

  /** Unless somebody is in it. */
  remove(): void {
    for (const mount of this.mounts) tryRemove(join(mount, this.name));
  }
}
