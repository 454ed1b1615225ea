export { type QuotaServiceConfig, quotaOptions } from './quota.config.js';
export { type QuotaOptions, type RunningService, startQuota } from './start-quota.js';
