import type { MemoryController } from '../../cgroups/memory-controller.js';
import type { Limitation, ResourceLimits, ResourceStatistics } from '../../container.js';
import { BaseIsolator, type ContainerPlan } from '../../isolator.js';
import type { SpecContribution } from '../../oci/runtime-spec.js';
import { formatBytes } from './format-bytes.js';
import { OomSweep } from './oom-sweep.js';

/** Neither limit is set below this: less cannot even hold an init and a shell. @source Mesos: MIN_MEMORY */
const MIN_LIMIT_BYTES = 32 * 1024 * 1024;

/**
 * Limits memory and ends a container in which the kernel had to kill for it, even if only a child was killed: what is
 * left of such a container cannot be trusted to work.
 *
 * The soft limit follows the request at every update. The hard limit is only ever raised: lowering it below what is in
 * use would make the kernel kill a container whose limits its owner has just changed.
 *
 * @source Mesos 1.11, cgroups/mem
 */
export class MemIsolator extends BaseIsolator {
  override readonly name = 'cgroups/mem';
  private readonly ooms: OomSweep;

  /** @param killsOfMachine instead of what the kernel counts: for tests */
  constructor(
    private readonly controller: MemoryController,
    killsOfMachine?: () => number | undefined,
  ) {
    super();
    this.ooms = new OomSweep((id) => controller.oomKills(id), killsOfMachine);
  }

  override async prepare({ limits }: ContainerPlan): Promise<SpecContribution> {
    const limit = hardLimitOf(limits);
    const reservation = softLimitOf(limits);
    if (limit === Number.POSITIVE_INFINITY) return { resources: { memory: { reservation } } };
    const swap = this.controller.limitsSwap ? { swap: limit } : {};
    return { resources: { memory: { limit, reservation, ...swap } } };
  }

  override async watch(id: string, stop: AbortSignal): Promise<Limitation | undefined> {
    return (await this.ooms.wait(id, stop)) ? this.limitation(id) : undefined;
  }

  override async limitationAtEnd(id: string): Promise<Limitation | undefined> {
    return this.controller.oomKills(id) > 0 ? this.limitation(id) : undefined;
  }

  override async update(id: string, limits: ResourceLimits): Promise<void> {
    this.controller.setSoftLimit(id, softLimitOf(limits));
    const limit = hardLimitOf(limits);
    const current = this.controller.hardLimit(id);
    if (current !== undefined && limit > current) this.controller.setHardLimit(id, limit);
  }

  override async usage(id: string): Promise<Partial<ResourceStatistics>> {
    const usage = this.controller.usage(id);
    if (usage === undefined) return {};
    return {
      memTotalBytes: usage.totalBytes,
      memAnonBytes: usage.anonBytes,
      memRssBytes: usage.anonBytes,
      memFileBytes: usage.fileBytes,
      memCacheBytes: usage.fileBytes,
      memMappedFileBytes: usage.mappedFileBytes,
      memSwapBytes: usage.swapBytes,
      memUnevictableBytes: usage.unevictableBytes,
      memMaxBytes: this.controller.peakBytes(id),
    };
  }

  private limitation(id: string): Limitation {
    const limitBytes = this.controller.hardLimit(id) ?? 0;
    const usedBytes = this.controller.peakBytes(id) ?? this.controller.usage(id)?.totalBytes ?? limitBytes;
    const message =
      `Memory limit exceeded: Requested: ${formatBytes(limitBytes)} Maximum Used: ${formatBytes(usedBytes)}\n\n` +
      `MEMORY STATISTICS: \n${this.controller.statText(id)}\n`;
    return { resource: 'mem', message, limitBytes, usedBytes };
  }
}

function softLimitOf({ memBytes }: ResourceLimits): number {
  return Math.max(MIN_LIMIT_BYTES, memBytes);
}

function hardLimitOf({ memBytes, memLimitBytes }: ResourceLimits): number {
  return Math.max(MIN_LIMIT_BYTES, memLimitBytes ?? memBytes);
}
