import { join } from 'node:path';
import { readCgroupTable, writeCgroupFile } from './cgroup-file.js';
import type { CgroupTree } from './cgroup-tree.js';

/** Length of a CFS period; quotas are fractions of it. @source Mesos: CPU_CFS_PERIOD */
export const CFS_PERIOD_US = 100_000;

/** The kernel refuses less. @source Mesos: MIN_CPU_SHARES */
const MIN_SHARES = 2;

/** The kernel refuses less. @source Mesos: MIN_CPU_CFS_QUOTA */
const MIN_QUOTA_US = 1_000;

/** Clock ticks a second in cpuacct.stat: USER_HZ, 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** What a container may use: a weight against its neighbours and, optionally, a ceiling. */
export interface CpuSettings {
  /** cpu.shares, 1024 for one cpu; the v2 adapter turns them into cpu.weight. */
  readonly shares: number;
  /** Microseconds of cpu time in each period; undefined is no ceiling. */
  readonly quotaUs?: number;
}

export interface CpuUsage {
  readonly userSeconds: number;
  readonly systemSeconds: number;
}

export interface CpuThrottling {
  readonly periods: number;
  readonly throttled: number;
  readonly throttledSeconds: number;
}

/** Reads and writes one container's cpu cgroup. Undefined when the cgroup is gone. */
export interface CpuController {
  apply(id: string, settings: CpuSettings): void;
  usage(id: string): CpuUsage | undefined;
  /** Counts since the start of the container; all zero while no quota is set. */
  throttling(id: string): CpuThrottling | undefined;
}

/** `max(2, floor(1024 × cpus))`. @source Mesos: cgroups/cpu */
export function sharesOf(cpusMilli: number): number {
  return Math.max(MIN_SHARES, Math.floor((1024 * cpusMilli) / 1000));
}

/** Quota of a ceiling; an absent or infinite one is none. At least 1 ms, which the kernel demands. @source Mesos: cgroups/cpu */
export function quotaOf(cpusLimitMilli: number | undefined): number | undefined {
  if (cpusLimitMilli === undefined || cpusLimitMilli === Number.POSITIVE_INFINITY) return undefined;
  return Math.max(MIN_QUOTA_US, Math.floor((CFS_PERIOD_US * cpusLimitMilli) / 1000));
}

export function createCpuController(tree: CgroupTree): CpuController {
  return tree.isV2 ? new CpuControllerV2(tree) : new CpuControllerV1(tree);
}

export class CpuControllerV1 implements CpuController {
  constructor(private readonly tree: CgroupTree) {}

  apply(id: string, settings: CpuSettings): void {
    const folder = this.tree.folder('cpu', id);
    writeCgroupFile(join(folder, 'cpu.shares'), settings.shares);
    writeCgroupFile(join(folder, 'cpu.cfs_quota_us'), settings.quotaUs ?? -1);
  }

  usage(id: string): CpuUsage | undefined {
    const stat = readCgroupTable(join(this.tree.folder('cpuacct', id), 'cpuacct.stat'));
    if (stat.size === 0) return undefined;
    return {
      userSeconds: (stat.get('user') ?? 0) / TICKS_PER_SECOND,
      systemSeconds: (stat.get('system') ?? 0) / TICKS_PER_SECOND,
    };
  }

  throttling(id: string): CpuThrottling | undefined {
    const stat = readCgroupTable(join(this.tree.folder('cpu', id), 'cpu.stat'));
    if (stat.size === 0) return undefined;
    return {
      periods: stat.get('nr_periods') ?? 0,
      throttled: stat.get('nr_throttled') ?? 0,
      throttledSeconds: (stat.get('throttled_time') ?? 0) / 1e9,
    };
  }
}

export class CpuControllerV2 implements CpuController {
  constructor(private readonly tree: CgroupTree) {}

  apply(id: string, settings: CpuSettings): void {
    const folder = this.tree.folder('cpu', id);
    writeCgroupFile(join(folder, 'cpu.weight'), weightOf(settings.shares));
    writeCgroupFile(join(folder, 'cpu.max'), `${settings.quotaUs ?? 'max'} ${CFS_PERIOD_US}`);
  }

  usage(id: string): CpuUsage | undefined {
    const stat = readCgroupTable(join(this.tree.folder('cpu', id), 'cpu.stat'));
    if (stat.size === 0) return undefined;
    return { userSeconds: (stat.get('user_usec') ?? 0) / 1e6, systemSeconds: (stat.get('system_usec') ?? 0) / 1e6 };
  }

  throttling(id: string): CpuThrottling | undefined {
    const stat = readCgroupTable(join(this.tree.folder('cpu', id), 'cpu.stat'));
    if (stat.size === 0) return undefined;
    return {
      periods: stat.get('nr_periods') ?? 0,
      throttled: stat.get('nr_throttled') ?? 0,
      throttledSeconds: (stat.get('throttled_usec') ?? 0) / 1e6,
    };
  }
}

/**
 * cpu.weight (1 to 10,000) of cpu.shares (2 to 262,144).
 *
 * @source the linear map that crun and runc use, so that an update gives what the creation of the container gave
 */
export function weightOf(shares: number): number {
  const bounded = Math.min(Math.max(shares, MIN_SHARES), 262_144);
  return 1 + Math.floor(((bounded - MIN_SHARES) * 9999) / 262_142);
}
