import type { ResourceStatistics } from '../../container.js';
import { BaseIsolator, type RecoveredPlan } from '../../isolator.js';
import type { ProcessStat } from '../../processes/process-identity.js';

/** Lists the processes of a container by its first one. */
export type ProcessLister = (pid: number) => readonly ProcessStat[];

/** Sums over a container's processes, for lack of a cgroup. Sets no limits. */
export abstract class PosixIsolator extends BaseIsolator {
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

/** Sums one number over processes. */
export function total(processes: readonly ProcessStat[], value: (process: ProcessStat) => number): number {
  return processes.reduce((sum, process) => sum + value(process), 0);
}
