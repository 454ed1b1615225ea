import {
  choiceOption,
  type ConfigOf,
  integerOption,
  readServiceConfig,
  type ServiceConfigResult,
  textOption,
} from '@tranche/config';

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
};

export type AllocatorConfig = ConfigOf<typeof allocatorOptions>;

/** What this process was started with. */
export const readAllocatorConfig = (): ServiceConfigResult<typeof allocatorOptions> =>
  readServiceConfig(allocatorOptions, { argv: process.argv.slice(2), env: process.env }, 'ALLOCATOR_');
