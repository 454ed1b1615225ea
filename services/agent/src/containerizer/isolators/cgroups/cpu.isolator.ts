import { CFS_PERIOD_US, type CpuController, quotaOf, sharesOf } from '../../cgroups/cpu-controller.js';
import type { ResourceLimits, ResourceStatistics } from '../../container.js';
import { BaseIsolator, type ContainerPlan, type RecoveredPlan } from '../../isolator.js';
import type { SpecContribution } from '../../oci/runtime-spec.js';

/**
 * Shares cpu time by weight, and caps it where a container has a cpu limit.
 *
 * The request becomes cpu.shares, which bind only under contention. The CFS quota is written only when a limit is
 * given, so a container without one may use whatever is idle.
 *
 * @source Mesos 1.11, cgroups/cpu with `--cgroups_enable_cfs=false`
 */
export class CpuIsolator extends BaseIsolator {
  override readonly name = 'cgroups/cpu';
  /** Containers with a ceiling: only their throttling counters mean anything. */
  private readonly capped = new Set<string>();

  constructor(private readonly controller: CpuController) {
    super();
  }

  override async prepare({ id, limits }: ContainerPlan): Promise<SpecContribution> {
    const quota = this.remember(id, limits);
    const ceiling = quota === undefined ? {} : { quota, period: CFS_PERIOD_US };
    return { resources: { cpu: { shares: sharesOf(limits.cpusMilli), ...ceiling } } };
  }

  override async update(id: string, limits: ResourceLimits): Promise<void> {
    const quotaUs = this.remember(id, limits);
    this.controller.apply(id, { shares: sharesOf(limits.cpusMilli), quotaUs });
  }

  override async usage(id: string): Promise<Partial<ResourceStatistics>> {
    const usage = this.controller.usage(id);
    if (usage === undefined) return {};
    const throttling = this.capped.has(id) ? this.controller.throttling(id) : undefined;
    return {
      cpusUserSeconds: usage.userSeconds,
      cpusSystemSeconds: usage.systemSeconds,
      ...(throttling && {
        cpusNrPeriods: throttling.periods,
        cpusNrThrottled: throttling.throttled,
        cpusThrottledSeconds: throttling.throttledSeconds,
      }),
    };
  }

  override async recover(known: readonly RecoveredPlan[]): Promise<void> {
    for (const { id, limits } of known) this.remember(id, limits);
  }

  override async cleanup(id: string): Promise<void> {
    this.capped.delete(id);
  }

  /** @returns the quota that the limits ask for */
  private remember(id: string, limits: ResourceLimits): number | undefined {
    const quotaUs = quotaOf(limits.cpusLimitMilli);
    if (quotaUs === undefined) this.capped.delete(id);
    else this.capped.add(id);
    return quotaUs;
  }
}
