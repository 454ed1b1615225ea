import type { ContainerUsageView } from '@tranche/contracts';
import type { ResourceStatistics } from '../containerizer/container.js';

/** What of a container's statistics is told by REST. */
export function usageView(usage: ResourceStatistics): ContainerUsageView {
  const { cpusLimit, cpusSoftLimit, memTotalBytes, memRssBytes, memLimitBytes, memSoftLimitBytes } = usage;
  return present({
    measuredAt: new Date(usage.timestampSeconds * 1_000).toISOString(),
    cpusLimit: cpusLimit ?? cpusSoftLimit,
    cpusUserSeconds: usage.cpusUserSeconds,
    cpusSystemSeconds: usage.cpusSystemSeconds,
    cpusThrottledSeconds: usage.cpusThrottledSeconds,
    memBytes: memTotalBytes ?? memRssBytes,
    memLimitBytes: memLimitBytes ?? memSoftLimitBytes,
    diskBytes: usage.diskUsedBytes,
    diskLimitBytes: usage.diskLimitBytes,
    processes: usage.processes,
    threads: usage.threads,
  });
}

const present = (members: Record<keyof ContainerUsageView, string | number | undefined>): ContainerUsageView =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as unknown as ContainerUsageView;
