import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseCgroupTable, readCgroupFile, readCgroupNumber, readCgroupTable, writeCgroupFile } from './cgroup-file.js';
import type { CgroupTree } from './cgroup-tree.js';

/** cgroup v1 writes "no limit" as the largest multiple of the page size below 2^63. Nothing real is as large. */
const V1_UNLIMITED_BYTES = 2 ** 62;

export interface MemoryUsage {
  readonly totalBytes: number;
  readonly anonBytes: number;
  readonly fileBytes: number;
  readonly mappedFileBytes: number;
  readonly swapBytes: number;
  readonly unevictableBytes: number;
}

/** Reads and writes one container's memory cgroup. Bytes; Infinity is no limit; undefined when the cgroup is gone. */
export interface MemoryController {
  /** Whether memory and swap together can be limited, so that a container cannot swap its way past its limit. */
  readonly limitsSwap: boolean;
  setSoftLimit(id: string, bytes: number): void;
  setHardLimit(id: string, bytes: number): void;
  hardLimit(id: string): number | undefined;
  usage(id: string): MemoryUsage | undefined;
  /** Highest use so far; undefined also where the kernel does not tell (v2 before Linux 5.19). */
  peakBytes(id: string): number | undefined;
  /**
   * How many processes the kernel has killed in this cgroup because its limit was reached, those of nested containers without limits of
   * their own among them.
   */
  oomKills(id: string): number;
  /** memory.stat as the kernel prints it, for messages. */
  statText(id: string): string;
}

export function createMemoryController(tree: CgroupTree): MemoryController {
  return tree.isV2 ? new MemoryControllerV2(tree) : new MemoryControllerV1(tree);
}

export class MemoryControllerV1 implements MemoryController {
  readonly limitsSwap: boolean;

  constructor(private readonly tree: CgroupTree) {
    this.limitsSwap = existsSync(join(tree.mountPoint('memory'), 'memory.memsw.limit_in_bytes'));
  }

  setSoftLimit(id: string, bytes: number): void {
    writeCgroupFile(this.file(id, 'memory.soft_limit_in_bytes'), v1Limit(bytes));
  }

  /**
   * The kernel demands memory ≤ memory+swap at every moment: raising begins with the sum, lowering with the memory.
   * Lowering fails with EBUSY while more than the new limit is in use and cannot be reclaimed.
   */
  setHardLimit(id: string, bytes: number): void {
    const memory = this.file(id, 'memory.limit_in_bytes');
    const sum = this.file(id, 'memory.memsw.limit_in_bytes');
    const isRaised = bytes > (this.hardLimit(id) ?? 0);
    const files = this.limitsSwap ? (isRaised ? [sum, memory] : [memory, sum]) : [memory];
    for (const file of files) writeCgroupFile(file, v1Limit(bytes));
  }

  hardLimit(id: string): number | undefined {
    const bytes = readCgroupNumber(this.file(id, 'memory.limit_in_bytes'));
    return bytes !== undefined && bytes >= V1_UNLIMITED_BYTES ? Number.POSITIVE_INFINITY : bytes;
  }

  usage(id: string): MemoryUsage | undefined {
    const totalBytes = readCgroupNumber(this.file(id, 'memory.usage_in_bytes'));
    if (totalBytes === undefined) return undefined;
    const stat = parseCgroupTable(this.statText(id));
    return {
      totalBytes,
      anonBytes: stat.get('total_rss') ?? 0,
      fileBytes: stat.get('total_cache') ?? 0,
      mappedFileBytes: stat.get('total_mapped_file') ?? 0,
      swapBytes: stat.get('total_swap') ?? 0,
      unevictableBytes: stat.get('total_unevictable') ?? 0,
    };
  }

  peakBytes(id: string): number | undefined {
    return readCgroupNumber(this.file(id, 'memory.max_usage_in_bytes'));
  }

  /** Not memory.failcnt, which newer kernels leave at 0, and not an eventfd, which Node cannot make. */
  oomKills(id: string): number {
    return sum(this.tree.limitedBy(id), (member) => {
      return readCgroupTable(this.file(member, 'memory.oom_control')).get('oom_kill') ?? 0;
    });
  }

  statText(id: string): string {
    return readCgroupFile(this.file(id, 'memory.stat')) ?? '';
  }

  private file(id: string, name: string): string {
    return join(this.tree.folder('memory', id), name);
  }
}

export class MemoryControllerV2 implements MemoryController {
  /** `memory.swap.max` is written next to `memory.max` where the kernel has swap accounting. */
  readonly limitsSwap = true;

  constructor(private readonly tree: CgroupTree) {}

  /** `memory.low` protects; it is what the runtimes make of OCI's `reservation`, v1's soft limit. */
  setSoftLimit(id: string, bytes: number): void {
    writeCgroupFile(this.file(id, 'memory.low'), v2Limit(bytes));
  }

  setHardLimit(id: string, bytes: number): void {
    writeCgroupFile(this.file(id, 'memory.max'), v2Limit(bytes));
    const swap = this.file(id, 'memory.swap.max');
    if (existsSync(swap)) writeCgroupFile(swap, bytes === Number.POSITIVE_INFINITY ? 'max' : 0);
  }

  hardLimit(id: string): number | undefined {
    return readCgroupNumber(this.file(id, 'memory.max'));
  }

  usage(id: string): MemoryUsage | undefined {
    const totalBytes = readCgroupNumber(this.file(id, 'memory.current'));
    if (totalBytes === undefined) return undefined;
    const stat = parseCgroupTable(this.statText(id));
    return {
      totalBytes,
      anonBytes: stat.get('anon') ?? 0,
      fileBytes: stat.get('file') ?? 0,
      mappedFileBytes: stat.get('file_mapped') ?? 0,
      swapBytes: readCgroupNumber(this.file(id, 'memory.swap.current')) ?? 0,
      unevictableBytes: stat.get('unevictable') ?? 0,
    };
  }

  peakBytes(id: string): number | undefined {
    return readCgroupNumber(this.file(id, 'memory.peak'));
  }

  oomKills(id: string): number {
    if (!this.tree.hasNested(id)) return killsIn(this.file(id, 'memory.events'));
    // The file without `.local` counts what happens below, too: kills by the own limits of nested containers, which end only those.
    const folders = this.tree.limitedBy(id).flatMap((member) => this.tree.foldersOf('memory', member));
    return folders.reduce((total, folder) => total + killsIn(join(folder, 'memory.events.local')), 0);
  }

  statText(id: string): string {
    return readCgroupFile(this.file(id, 'memory.stat')) ?? '';
  }

  private file(id: string, name: string): string {
    return join(this.tree.folder('memory', id), name);
  }
}

function v1Limit(bytes: number): number {
  return bytes === Number.POSITIVE_INFINITY ? -1 : bytes;
}

function v2Limit(bytes: number): number | string {
  return bytes === Number.POSITIVE_INFINITY ? 'max' : bytes;
}

const killsIn = (file: string): number => readCgroupTable(file).get('oom_kill') ?? 0;

const sum = (ids: readonly string[], count: (id: string) => number): number =>
  ids.reduce((total, id) => total + count(id), 0);
