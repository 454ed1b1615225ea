import type { ResourceStatistics } from '../../container.js';
import type { ProcessStat } from '../../processes/process-identity.js';
import { PosixIsolator, total } from './posix-isolator.js';

/** Size of a page on x86-64 and on most arm64 kernels; Node does not tell. */
const PAGE_BYTES = 4096;

/** Resident memory; pages that processes share count for each of them. @source Mesos 1.11, posix/mem */
export class PosixMemIsolator extends PosixIsolator {
  override readonly name = 'posix/mem';

  protected override sum(processes: readonly ProcessStat[]): Partial<ResourceStatistics> {
    return { memRssBytes: total(processes, (process) => process.rssPages) * PAGE_BYTES };
  }
}
