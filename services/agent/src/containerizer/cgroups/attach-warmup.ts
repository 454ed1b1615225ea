import { writeFile } from 'node:fs';
import { join } from 'node:path';
import type { CgroupLayout } from './cgroup-layout.js';

/** The kernel stays ready for about this long after a process was moved between cgroups. */
const READY_MS = 5;

/**
 * Makes the kernel ready for moving a process into a cgroup, before the runtime does it.
 *
 * The first move after some quiet milliseconds waits for an RCU grace period, 5 to 15 ms, because the lock that it takes
 * is made cheap for forks as long as nobody moves. A move of the agent to the cgroup where it is begins the same wait
 * while conmon and the runtime are still being started, so that they find less of it left.
 *
 * @source kernel: cgroup_attach_lock, percpu_down_write and rcu_sync_enter on cgroup_threadgroup_rwsem
 */
export class AttachWarmup {
  private isReady = false;

  /** @param file cgroup.procs of the cgroup that the agent is in; undefined to do nothing */
  constructor(private readonly file: string | undefined) {}

  /** Begins, unless it has just been done; the wait is spent on a thread of Node's pool. Never throws. */
  begin(): void {
    if (this.isReady || this.file === undefined) return;
    this.isReady = true;
    // A failure only means that the runtime waits itself.
    writeFile(this.file, String(process.pid), { flag: 'r+' }, () => {
      setTimeout(() => {
        this.isReady = false;
      }, READY_MS).unref();
    });
  }
}

/**
 * The file through which a process can be moved to where it is. Pure.
 *
 * @param selfCgroup text of /proc/self/cgroup: lines `hierarchy:controllers:path`, v2's with empty controllers
 */
export function ownProcsFile(layout: CgroupLayout, selfCgroup: string): string | undefined {
  for (const line of selfCgroup.split('\n')) {
    const [, controllers, ...path] = line.split(':');
    if (controllers === undefined) continue;
    const mount = controllers === '' ? layout.unified : layout.controllers.get(controllers.split(',')[0] ?? '');
    if (mount !== undefined) return join(mount, path.join(':'), 'cgroup.procs');
  }
  return undefined;
}
