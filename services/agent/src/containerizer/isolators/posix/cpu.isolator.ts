import type { ResourceStatistics } from '../../container.js';
import type { ProcessStat } from '../../processes/process-identity.js';
import { PosixIsolator, total } from './posix-isolator.js';

/** USER_HZ, the unit of cpu times in /proc: 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

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
