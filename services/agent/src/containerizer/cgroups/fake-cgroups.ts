import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CgroupLayout, CgroupMode } from './cgroup-layout.js';
import { CgroupTree } from './cgroup-tree.js';

const V1_CONTROLLERS = ['cpu', 'cpuacct', 'memory'] as const;

/** What the kernel shows in a fresh cgroup, v1, by controller. */
const V1_FILES: Record<(typeof V1_CONTROLLERS)[number], Record<string, string>> = {
  cpu: {
    'cpu.shares': '1024\n',
    'cpu.cfs_quota_us': '-1\n',
    'cpu.stat': 'nr_periods 20\nnr_throttled 4\nthrottled_time 250000000\n',
  },
  cpuacct: { 'cpuacct.stat': 'user 150\nsystem 25\n' },
  memory: {
    'memory.limit_in_bytes': '9223372036854771712\n',
    'memory.memsw.limit_in_bytes': '9223372036854771712\n',
    'memory.soft_limit_in_bytes': '9223372036854771712\n',
    'memory.usage_in_bytes': '8192000\n',
    'memory.max_usage_in_bytes': '9216000\n',
    'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 0\n',
    'memory.stat':
      'cache 1\ntotal_cache 4096\ntotal_rss 8192\ntotal_mapped_file 100\ntotal_swap 0\ntotal_unevictable 7\n',
  },
};

const V2_FILES: Record<string, string> = {
  'cpu.weight': '100\n',
  'cpu.max': 'max 100000\n',
  'cpu.stat':
    'usage_usec 1750000\nuser_usec 1500000\nsystem_usec 250000\nnr_periods 20\nnr_throttled 4\nthrottled_usec 250000\n',
  'memory.low': '0\n',
  'memory.max': 'max\n',
  'memory.swap.max': 'max\n',
  'memory.swap.current': '0\n',
  'memory.current': '8192000\n',
  'memory.peak': '9216000\n',
  'memory.events': 'low 0\nhigh 0\nmax 3\noom 0\noom_kill 0\n',
  'memory.stat': 'anon 8192\nfile 4096\nfile_mapped 100\nunevictable 7\n',
};

/**
 * Cgroups of plain folders and files, for tests without root and for cgroup versions that the machine does not have.
 * A write replaces the text from its beginning, as it does in cgroupfs; nothing reacts to it.
 */
export class FakeCgroups {
  readonly folder = mkdtempSync(join(tmpdir(), 'tranche-cgroups-'));
  readonly tree: CgroupTree;

  constructor(readonly mode: Exclude<CgroupMode, 'none'>) {
    this.tree = new CgroupTree(this.layout(), 'tranche/agent-1');
    if (mode === 'v2') this.write(join(this.folder, 'cgroup.controllers'), 'cpuset cpu io memory pids\n');
    else this.write(join(this.folder, 'memory', 'memory.memsw.limit_in_bytes'), '0\n');
  }

  /** Makes a container's cgroups with the files that a kernel puts there. */
  addContainer(id: string): void {
    if (this.mode === 'v2') this.fill('memory', id, V2_FILES);
    else for (const controller of V1_CONTROLLERS) this.fill(controller, id, V1_FILES[controller]);
  }

  /** A control file's text, cut at the first line's end. */
  read(controller: string, id: string, file: string): string {
    return readFileSync(join(this.tree.folder(controller, id), file), 'utf8').split('\n', 1)[0] ?? '';
  }

  set(controller: string, id: string, file: string, text: string): void {
    writeFileSync(join(this.tree.folder(controller, id), file), text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private layout(): CgroupLayout {
    const { mode, folder } = this;
    if (mode === 'v2') return { mode, controllers: new Map(), hierarchies: [], unified: folder };
    const controllers = new Map(V1_CONTROLLERS.map((name) => [name, join(folder, name)] as const));
    const unified = mode === 'hybrid' ? join(folder, 'unified') : undefined;
    return { mode, controllers, hierarchies: [...controllers.values()], unified };
  }

  private fill(controller: string, id: string, files: Record<string, string>): void {
    for (const [name, text] of Object.entries(files)) this.write(join(this.tree.folder(controller, id), name), text);
  }

  private write(file: string, text: string): void {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }
}
