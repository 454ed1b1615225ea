import {
  type ConfigOf,
  databaseOptions,
  listenOptions,
  processOptions,
  publicUrlOptions,
  readServiceConfig,
  type ServiceConfigResult,
} from '@tranche/config';

/** Every option of the quota service. */
export const quotaOptions = {
  ...processOptions,
  ...databaseOptions,
  ...listenOptions(5053),
  ...publicUrlOptions('requests for other services are sent there'),
};

export type QuotaServiceConfig = ConfigOf<typeof quotaOptions>;

/** What this process was started with. */
export const readQuotaConfig = (): ServiceConfigResult<typeof quotaOptions> =>
  readServiceConfig(quotaOptions, { argv: process.argv.slice(2), env: process.env }, 'QUOTA_');
