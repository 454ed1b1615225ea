import {
  arrayOf,
  jsonDouble,
  jsonString,
  type Member,
  objectOf,
  type ResourceStatistics as StatisticsDocument,
} from '@tranche/mesos-api';
import type { DiskUsage, ResourceStatistics } from '../containerizer/container.js';

/** Mesos' names by ours, in Mesos' order here: the alphabetical one. */
const NAMES: readonly (readonly [
  name: string,
  ours: Exclude<keyof ResourceStatistics, 'diskStatistics'>,
  kind: 'double' | 'integer',
])[] = [
  ['cpus_limit', 'cpusLimit', 'double'],
  ['cpus_nr_periods', 'cpusNrPeriods', 'integer'],
  ['cpus_nr_throttled', 'cpusNrThrottled', 'integer'],
  ['cpus_soft_limit', 'cpusSoftLimit', 'double'],
  ['cpus_system_time_secs', 'cpusSystemSeconds', 'double'],
  ['cpus_throttled_time_secs', 'cpusThrottledSeconds', 'double'],
  ['cpus_user_time_secs', 'cpusUserSeconds', 'double'],
  ['disk_limit_bytes', 'diskLimitBytes', 'integer'],
  ['disk_used_bytes', 'diskUsedBytes', 'integer'],
  ['mem_anon_bytes', 'memAnonBytes', 'integer'],
  ['mem_cache_bytes', 'memCacheBytes', 'integer'],
  ['mem_file_bytes', 'memFileBytes', 'integer'],
  ['mem_limit_bytes', 'memLimitBytes', 'integer'],
  ['mem_mapped_file_bytes', 'memMappedFileBytes', 'integer'],
  ['mem_rss_bytes', 'memRssBytes', 'integer'],
  ['mem_soft_limit_bytes', 'memSoftLimitBytes', 'integer'],
  ['mem_swap_bytes', 'memSwapBytes', 'integer'],
  ['mem_total_bytes', 'memTotalBytes', 'integer'],
  ['mem_unevictable_bytes', 'memUnevictableBytes', 'integer'],
  ['processes', 'processes', 'integer'],
  ['threads', 'threads', 'integer'],
  ['timestamp', 'timestampSeconds', 'double'],
];

/**
 * Statistics of a container as the classic endpoints print them. What this machine cannot tell is absent, never a guessed zero.
 *
 * @source recorded agent answers: statistics
 */
export function statisticsJson(usage: ResourceStatistics): string {
  return objectOf([
    ...NAMES.map(([name, ours, kind]): Member => {
      const value = usage[ours];
      if (value === undefined) return [name, undefined];
      return [name, kind === 'double' ? jsonDouble(value) : String(Math.round(value))];
    }),
    ['disk_statistics', usage.diskStatistics && arrayOf(usage.diskStatistics.map(diskUsageJson))],
  ]);
}

function diskUsageJson({ limitBytes, usedBytes, persistenceId }: DiskUsage): string {
  return objectOf([
    ['limit_bytes', String(limitBytes)],
    ['persistence', persistenceId === undefined ? undefined : objectOf([['id', jsonString(persistenceId)]])],
    ['used_bytes', usedBytes === undefined ? undefined : String(usedBytes)],
  ]);
}

/** The same as a v1 message. */
export function statisticsDocument(usage: ResourceStatistics): StatisticsDocument {
  const known = NAMES.flatMap(([name, ours, kind]) => {
    const value = usage[ours];
    return value === undefined ? [] : [[name, kind === 'double' ? value : Math.round(value)] as const];
  });
  const disks = usage.diskStatistics?.map(({ limitBytes, usedBytes, persistenceId }) => ({
    ...(persistenceId === undefined ? {} : { persistence: { id: persistenceId } }),
    limit_bytes: limitBytes,
    ...(usedBytes === undefined ? {} : { used_bytes: usedBytes }),
  }));
  return {
    ...Object.fromEntries(known),
    timestamp: usage.timestampSeconds,
    ...(disks === undefined ? {} : { disk_statistics: disks }),
  };
}
