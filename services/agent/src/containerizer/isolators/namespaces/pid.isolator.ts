import { BaseIsolator, type ContainerPlan } from '../../isolator.js';
import type { SpecContribution } from '../../oci/runtime-spec.js';

const PROC = {
  destination: '/proc',
  type: 'proc',
  source: 'proc',
  options: ['nosuid', 'noexec', 'nodev'],
};

/** Where the init is seen in a container with an image. */
const INIT_INSIDE = '/.tranche-init';
const STATIC_INIT = /\/(tini-static|catatonit)$/;

/**
 * Gives the container pids of its own: it sees and signals no process outside, and its end is the end of all of them.
 *
 * PID 1 is a small init. The kernel ignores signals that PID 1 has no handler for, so a plain `sleep` as PID 1 could
 * not be terminated, and orphans would never be reaped.
 *
 * @source Mesos 1.11, namespaces/pid; the init stands for Mesos' own container init
 */
export class PidIsolator extends BaseIsolator {
  override readonly name = 'namespaces/pid';

  /** @param init path of tini on the host; without one the command itself is PID 1 */
  constructor(private readonly init: string | undefined) {
    super();
  }

  override async prepare({ image }: ContainerPlan): Promise<SpecContribution> {
    // With an image, filesystem/linux has mounted /proc.
    if (image !== undefined) return { namespaces: ['pid'], ...this.initInImage() };
    const init = this.init === undefined ? {} : { init: [this.init, '--'] };
    return { namespaces: ['pid'], mounts: [PROC], ...init };
  }

  /** Only one that needs no libraries runs in every image. */
  private initInImage(): SpecContribution {
    if (this.init === undefined || !STATIC_INIT.test(this.init)) return {};
    return {
      mounts: [{ destination: INIT_INSIDE, type: 'bind', source: this.init, options: ['bind', 'ro'] }],
      init: [INIT_INSIDE, '--'],
    };
  }
}
