import type { CancelTimer, TimerClock } from '@tranche/telemetry';
import type { DiskQuota, DiskUsage, Limitation, ResourceLimits, ResourceStatistics } from '../../container.js';
import { BaseIsolator, type ContainerPlan, type RecoveredPlan } from '../../isolator.js';
import type { SpecContribution } from '../../oci/runtime-spec.js';
import type { RootFolders } from '../../rootfs/root-folders.js';
import { formatBytes } from '../cgroups/format-bytes.js';

/** How disk use is found out and what follows from it. */
export interface DiskWatch {
  /** Bytes that a folder takes on its disk; undefined when it cannot be told. */
  readonly measure: (path: string) => Promise<number | undefined>;
  /** From the end of one round to the next. */
  readonly intervalMs: number;
  /** Whether a container that takes more than its quota is ended. */
  readonly enforces: boolean;
  readonly clock: TimerClock;
}

interface Watched {
  readonly sandbox: string;
  limits: ResourceLimits;
  /** By path, as last measured. */
  readonly usedBytes: Map<string, number>;
  /** Told when a quota is exceeded. */
  exceeded?: (limitation: Limitation) => void;
}

/**
 * Measures what containers take on disk, their sandboxes and their persistent volumes, and ends those that exceed a quota.
 *
 * One folder after the other, so that a machine with many containers is not kept busy by it. Containers without a disk resource are not
 * measured. What is taken is known a round late: a task can exceed its quota for about that long.
 *
 * @source Mesos 1.11, disk/du
 */
export class DuIsolator extends BaseIsolator {
  override readonly name = 'disk/du';
  private readonly containers = new Map<string, Watched>();
  private cancel: CancelTimer | undefined;
  private isMeasuring = false;

  /** @param rootfses where containers with an image have what they change of it, which counts as their sandbox's */
  constructor(
    private readonly watching: DiskWatch,
    private readonly rootfses?: Pick<RootFolders, 'placeOf'>,
  ) {
    super();
  }

  override async prepare(container: ContainerPlan): Promise<SpecContribution> {
    this.take(container);
    return {};
  }

  override watch(id: string, stop: AbortSignal): Promise<Limitation | undefined> {
    const container = this.containers.get(id);
    if (container === undefined || !this.watching.enforces) return super.watch(id, stop);
    return new Promise((resolve) => {
      container.exceeded = resolve;
      if (stop.aborted) resolve(undefined);
      else stop.addEventListener('abort', () => resolve(undefined), { once: true });
    });
  }

  override async update(id: string, limits: ResourceLimits): Promise<void> {
    const container = this.containers.get(id);
    if (container === undefined) return;
    container.limits = limits;
    if (quotasOf(container.sandbox, limits).length > 0) this.schedule();
  }

  override async usage(id: string): Promise<Partial<ResourceStatistics>> {
    const container = this.containers.get(id);
    if (container === undefined) return {};
    const { limits, sandbox, usedBytes } = container;
    const volumes = (limits.volumes ?? []).map((quota) => usageOf(quota, usedBytes.get(quota.path)));
    if (limits.diskBytes === undefined) return volumes.length === 0 ? {} : { diskStatistics: volumes };
    const used = usedBytes.get(sandbox);
    return {
      diskLimitBytes: limits.diskBytes,
      ...(used === undefined ? {} : { diskUsedBytes: used }),
      diskStatistics: [...volumes, usageOf({ limitBytes: limits.diskBytes }, used)],
    };
  }

  override async recover(known: readonly RecoveredPlan[]): Promise<void> {
    for (const container of known) this.take(container);
  }

  override async cleanup(id: string): Promise<void> {
    this.containers.delete(id);
    if (this.containers.size > 0) return;
    this.cancel?.();
    this.cancel = undefined;
  }

  private take({ id, sandbox, limits }: ContainerPlan): void {
    // Also one without a quota: tasks of an executor bring theirs.
    this.containers.set(id, { sandbox, limits, usedBytes: new Map() });
    if (quotasOf(sandbox, limits).length > 0) this.schedule();
  }

  private schedule(): void {
    if (this.cancel !== undefined || this.isMeasuring || this.containers.size === 0) return;
    this.cancel = this.watching.clock.after(this.watching.intervalMs, () => {
      this.cancel = undefined;
      void this.measureAll();
    });
  }

  private async measure(id: string, { sandbox }: Watched, path: string): Promise<number | undefined> {
    const used = await this.watching.measure(path);
    const changes = path === sandbox ? this.rootfses?.placeOf(id) : undefined;
    if (used === undefined || changes === undefined) return used;
    return used + ((await this.watching.measure(changes)) ?? 0);
  }

  private async measureAll(): Promise<void> {
    this.isMeasuring = true;
    let hasQuotas = false;
    for (const [id, container] of this.containers) {
      for (const quota of quotasOf(container.sandbox, container.limits)) {
        hasQuotas = true;
        const used = await this.measure(id, container, quota.path);
        if (used === undefined || this.containers.get(id) !== container) continue;
        container.usedBytes.set(quota.path, used);
        if (used > quota.limitBytes && quota.isEnforced !== false) container.exceeded?.(limitationOf(quota, used));
      }
    }
    this.isMeasuring = false;
    if (hasQuotas) this.schedule();
  }
}

/** Everything of a container that has a quota; the sandbox first, since it is what most have. */
function quotasOf(sandbox: string, { diskBytes, volumes = [] }: ResourceLimits): DiskQuota[] {
  return [...(diskBytes === undefined ? [] : [{ path: sandbox, limitBytes: diskBytes }]), ...volumes];
}

function usageOf({ limitBytes, persistenceId }: Omit<DiskQuota, 'path'>, used: number | undefined): DiskUsage {
  return {
    limitBytes,
    ...(used === undefined ? {} : { usedBytes: used }),
    ...(persistenceId === undefined ? {} : { persistenceId }),
  };
}

function limitationOf({ limitBytes, persistenceId }: DiskQuota, usedBytes: number): Limitation {
  const message = `Disk usage (${formatBytes(usedBytes)}) exceeds quota (${formatBytes(limitBytes)})`;
  return {
    ...{ resource: 'disk', message, limitBytes, usedBytes },
    ...(persistenceId === undefined ? {} : { persistenceId }),
  };
}
