import {
  choiceOption,
  type ConfigOf,
  integerOption,
  readServiceConfig,
  type ServiceConfigResult,
  textOption,
} from '@tranche/config';

/** Every option of the quota service. */
export const quotaOptions = {
  brokerUrl: textOption({ name: 'BROKER_URL', description: 'Message broker', default: 'inproc:', secret: true }),
  databaseUrl: textOption({
    name: 'DATABASE_URL',
    description: 'Database: sqlite:PATH or mysql://user:password@host:port/schema',
    default: 'sqlite:.tranche/tranche.db',
    secret: true,
  }),
  httpHost: textOption({ name: 'HTTP_HOST', description: 'Address to listen on', default: '127.0.0.1' }),
  httpPort: integerOption({ name: 'HTTP_PORT', description: 'Port to listen on', default: 5053, max: 65_535 }),
  publicUrl: textOption({
    name: 'PUBLIC_URL',
    description: 'Where clients reach the cluster; requests for other services are sent there',
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
};

export type QuotaServiceConfig = ConfigOf<typeof quotaOptions>;

/** What this process was started with. */
export const readQuotaConfig = (): ServiceConfigResult<typeof quotaOptions> =>
  readServiceConfig(quotaOptions, { argv: process.argv.slice(2), env: process.env }, 'QUOTA_');
