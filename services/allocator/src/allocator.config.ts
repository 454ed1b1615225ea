import type { EngineOptions } from '@tranche/allocation';
import {
  choiceOption,
  type ConfigOf,
  integerOption,
  readServiceConfig,
  type ServiceConfigResult,
  textOption,
} from '@tranche/config';
import { Quantities } from '@tranche/resources';
import { z } from 'zod';

/** Every option of the allocator. */
export const allocatorOptions = {
  brokerUrl: textOption({ name: 'BROKER_URL', description: 'Message broker', default: 'inproc:', secret: true }),
  httpHost: textOption({ name: 'HTTP_HOST', description: 'Address to listen on', default: '127.0.0.1' }),
  httpPort: integerOption({ name: 'HTTP_PORT', description: 'Port to listen on', default: 5051, max: 65_535 }),
  publicUrl: textOption({
    name: 'PUBLIC_URL',
    description: 'Where clients reach the cluster; they are sent there for what the allocator does not serve',
    default: 'http://127.0.0.1:5050',
  }),
  logLevel: choiceOption({
    name: 'LOG_LEVEL',
    description: 'Least important lines that are logged',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
  }),
  logFormat: choiceOption({
    name: 'LOG_FORMAT',
    description: 'json: one object a line; pretty: for a terminal',
    choices: ['json', 'pretty'],
    default: 'json',
  }),
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
  return {
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
