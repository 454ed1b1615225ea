import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `crun run` of a no-op with nothing around it: the floor that the product is compared with, in the same run.
 *
 * crun refuses a hybrid cgroup hierarchy, so it runs where the v2 tree is not mounted, as the agent does it.
 */
export class BareCrun {
  #folder = mkdtempSync(join(tmpdir(), 'tranche-bench-'));
  #count = 0;

  constructor() {
    const staging = join(this.#folder, 'root');
    mkdirSync(staging);
    const bundle = {
      ociVersion: '1.0.2',
      process: {
        terminal: false,
        user: { uid: 0, gid: 0 },
        args: ['/bin/true'],
        env: ['PATH=/usr/bin:/bin'],
        cwd: '/',
      },
      root: { path: staging },
      mounts: [
        { destination: '/proc', type: 'proc', source: 'proc' },
        // Without a bind on /dev crun completes the folder, and replaces the host's own /dev/ptmx by a symbolic link.
        { destination: '/dev', type: 'bind', source: '/dev', options: ['rbind', 'rw'] },
      ],
      linux: {
        cgroupsPath: '/tranche-bench/x',
        namespaces: [{ type: 'pid' }, { type: 'mount' }],
        resources: { memory: { limit: 64 << 20 } },
      },
    };
    writeFileSync(join(this.#folder, 'config.json'), JSON.stringify(bundle));
  }

  /** Runs one container to its end. @returns milliseconds, without the namespace around it */
  async run() {
    const id = `bench-${process.pid}-${this.#count++}`;
    const script =
      'if umount /sys/fs/cgroup/unified 2>/dev/null; then mount -t tmpfs none /sys/fs/cgroup/unified; fi; mount --rbind / "$1/root" && mount --make-rslave "$1/root"; date +%s%N; crun --root "$1/state" run --bundle "$1" "$2"; date +%s%N';
    const child = spawn('unshare', ['-m', '--propagation', 'private', 'sh', '-c', script, 'sh', this.#folder, id], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    const [status] = await once(child, 'close');
    const [begin, end] = text.trim().split('\n').map(BigInt);
    if (status !== 0 || begin === undefined || end === undefined) throw new Error(`crun run failed with ${status}`);
    return Number(end - begin) / 1e6;
  }

  close() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
