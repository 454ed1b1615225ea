import { availableParallelism, totalmem } from 'node:os';
import type { ResourceLimits, ResourceStatistics } from '../container.js';

/**
 * The part of a container's statistics that is known without reading anything: what was asked for and what is the most
 * that it can get. An infinite limit is all that the host has; a cpu limit that was not given is absent.
 *
 * @source Mesos 1.11: what its containerizer adds to the isolators' statistics
 */
export function limitStatistics(limits: ResourceLimits): Partial<ResourceStatistics> {
  const { cpusMilli, cpusLimitMilli, memBytes, memLimitBytes = memBytes } = limits;
  return {
    cpusSoftLimit: cpusMilli / 1000,
    ...(cpusLimitMilli !== undefined && {
      cpusLimit: cpusLimitMilli === Number.POSITIVE_INFINITY ? availableParallelism() : cpusLimitMilli / 1000,
    }),
    memSoftLimitBytes: memBytes,
    memLimitBytes: memLimitBytes === Number.POSITIVE_INFINITY ? totalmem() : memLimitBytes,
  };
}
