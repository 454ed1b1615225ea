import type { ResourceStatistics } from '../../container.js';
import { BaseIsolator, type RecoveredPlan } from '../../isolator.js';
import type { ProcessStat } from '../../processes/process-identity.js';

/** USER_HZ, the unit of cpu times in /proc: 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Size of a page on x86-64 and on most arm64 kernels; Node does not tell. */
const PAGE_BYTES = 4096;

/** Lists the processes of a container by its first one. */
export type ProcessLister = (pid: number) => readonly ProcessStat[];

/** Sums over a container's processes, for lack of a cgroup. Sets no limits. */
abstract class PosixIsolator extends BaseIsolator {
  private readonly pids = new Map<string, number>();

  constructor(private readonly list: ProcessLister) {
    super();
  }

  override async isolate(id: string, pid: number): Promise<void> {
    this.pids.set(id, pid);
  }

  override async usage(id: string): Promise<Partial<ResourceStatistics>> {
    const pid = this.pids.get(id);
    const processes = pid === undefined ? [] : this.list(pid);
    return processes.length === 0 ? {} : this.sum(processes);
  }

  override async recover(known: readonly RecoveredPlan[]): Promise<void> {
    for (const { id, pid } of known) this.pids.set(id, pid);
  }

  override async cleanup(id: string): Promise<void> {
    this.pids.delete(id);
  }

  protected abstract sum(processes: readonly ProcessStat[]): Partial<ResourceStatistics>;
}

/** Cpu time, processes and threads. @source Mesos 1.11, posix/cpu */
export class PosixCpuIsolator extends PosixIsolator {
  override readonly name = 'posix/cpu';

  protected override sum(processes: readonly ProcessStat[]): Partial<ResourceStatistics> {
    return {
      cpusUserSeconds: total(processes, (process) => process.userTicks) / TICKS_PER_SECOND,
      cpusSystemSeconds: total(processes, (process) => process.systemTicks) / TICKS_PER_SECOND,
      processes: processes.length,
      threads: total(processes, (process) => process.threads),
    };
  }
}

/** Resident memory; pages that processes share count for each of them. @source Mesos 1.11, posix/mem */
export class PosixMemIsolator extends PosixIsolator {
  override readonly name = 'posix/mem';

  protected override sum(processes: readonly ProcessStat[]): Partial<ResourceStatistics> {
    return { memRssBytes: total(processes, (process) => process.rssPages) * PAGE_BYTES };
  }
}

function total(processes: readonly ProcessStat[], value: (process: ProcessStat) => number): number {
  return processes.reduce((sum, process) => sum + value(process), 0);
}
