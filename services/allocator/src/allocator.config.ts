import type { EngineOptions } from '@tranche/allocation';
import {
  clusterDomainOptions,
  type ConfigOf,
  integerOption,
  listenOptions,
  parseDomain,
  processOptions,
  publicUrlOptions,
  readServiceConfig,
  type ServiceConfigResult,
  textOption,
} from '@tranche/config';
import { Quantities } from '@tranche/resources';
import { z } from 'zod';

/** Every option of the allocator. */
export const allocatorOptions = {
  ...processOptions,
  ...listenOptions(5051),
  ...publicUrlOptions('they are sent there for what the allocator does not serve'),
  ...clusterDomainOptions,
  runIntervalMs: integerOption({
    name: 'ALLOCATOR_RUN_INTERVAL_MS',
    description:
      'How often all agents are looked at, besides the runs that events cause; a refusal lasts at least so long',
    unit: 'ms',
    min: 1,
    default: 1_000,
  }),
  minAllocatable: {
    ...textOption({
      name: 'ALLOCATOR_MIN_ALLOCATABLE',
      description: 'Smallest amounts worth an offer, alternatives separated by |; empty: any amount',
      default: 'cpus:0.01|mem:32',
    }),
    type: 'quantities',
    schema: z.string().refine(isMinimums, 'must be quantities such as cpus:0.01|mem:32'),
  },
  fairShareExcludes: textOption({
    name: 'ALLOCATOR_FAIR_SHARE_EXCLUDES',
    description: 'Names of resources that shares leave out, separated by commas',
    default: '',
  }),
};

export type AllocatorConfig = ConfigOf<typeof allocatorOptions>;

/** What this process was started with. */
export const readAllocatorConfig = (): ServiceConfigResult<typeof allocatorOptions> =>
  readServiceConfig(allocatorOptions, { argv: process.argv.slice(2), env: process.env }, 'ALLOCATOR_');

/** The engine's settings, from the texts of the configuration. */
export function engineOptions(config: AllocatorConfig): Omit<EngineOptions, 'random'> {
  const domain = parseDomain(config.clusterDomain)?.fault_domain;
  return {
    ...(domain === undefined ? {} : { domain: { region: domain.region.name, zone: domain.zone.name } }),
    allocationIntervalMs: config.runIntervalMs,
    minAllocatable: parseMinimums(config.minAllocatable),
    fairSharingExcludes: wordsOf(config.fairShareExcludes, ','),
  };
}

function isMinimums(text: string): boolean {
  try {
    parseMinimums(text);
    return true;
  } catch {
    return false;
  }
}

function parseMinimums(text: string): Quantities[] {
  return wordsOf(text, '|').map((each) => Quantities.parse(each));
}

function wordsOf(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
