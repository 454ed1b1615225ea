import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CGROUP = 'tranche-bench-bare';

/**
 * Arguments: folder, how many, how many at a time. Every container is made, started in the background, and destroyed.
 *
 * Where the v2 tree is mounted in a hybrid hierarchy, crun refuses to run: it does so where it is not, as the agent does it.
 */
const SCRIPT = `
if umount /sys/fs/cgroup/unified 2>/dev/null; then mount -t tmpfs none /sys/fs/cgroup/unified; fi
mount --rbind / "$1/root" && mount --make-rslave "$1/root"
cd "$1"
date +%s%N
seq "$2" | xargs -P "$3" -I{} sh -c '
  crun --root "$PWD/state" run --detach --bundle "$PWD/{}" bench-{} < /dev/null > /dev/null &&
  crun --root "$PWD/state" delete --force bench-{}' || exit 1
date +%s%N`;

/** Containers of crun alone, from prepared bundles: the floor that the agent's are compared with. */
export class BareContainers {
  #folder = mkdtempSync(join(tmpdir(), 'tranche-bench-bare-'));

  /** @param {number} count of containers that are there at a time, at most */
  constructor(count, command) {
    const root = join(this.#folder, 'root');
    mkdirSync(root);
    for (let number = 1; number <= count; number++) {
      mkdirSync(join(this.#folder, String(number)));
      writeFileSync(join(this.#folder, String(number), 'config.json'), JSON.stringify(specOf(root, number, command)));
    }
  }

  /** Launches and destroys so many containers, so many at a time. @returns milliseconds for all of them */
  async launchAndDestroy(count, atATime) {
    const args = ['--mount', '--propagation', 'private', 'sh', '-c', SCRIPT, 'sh', this.#folder, count, atATime];
    const child = spawn('unshare', args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    const [status] = await once(child, 'close');
    const [begin, end] = text.trim().split('\n').map(BigInt);
    if (status !== 0 || begin === undefined || end === undefined) throw new Error(`crun failed with ${status}`);
    return Number(end - begin) / 1e6;
  }

  close() {
    rmSync(this.#folder, { recursive: true, force: true });
    for (const hierarchy of readdirSync('/sys/fs/cgroup')) {
      try {
        rmdirSync(join('/sys/fs/cgroup', hierarchy, CGROUP));
      } catch {
        // There is none here.
      }
    }
  }
}

/** Namespaces and limits as the agent's containers have them. */
const specOf = (root, number, args) => ({
  ociVersion: '1.0.2',
  process: { terminal: false, user: { uid: 0, gid: 0 }, args, env: ['PATH=/usr/bin:/bin'], cwd: '/' },
  root: { path: root },
  mounts: [
    { destination: '/proc', type: 'proc', source: 'proc' },
    // Without a bind on /dev crun completes the folder, and replaces the host's own /dev/ptmx by a symbolic link.
    { destination: '/dev', type: 'bind', source: '/dev', options: ['rbind', 'rw'] },
  ],
  linux: {
    cgroupsPath: `/${CGROUP}/${number}`,
    namespaces: [{ type: 'pid' }, { type: 'mount' }],
    resources: { memory: { limit: 64 << 20, reservation: 32 << 20 }, cpu: { shares: 2 } },
  },
});
