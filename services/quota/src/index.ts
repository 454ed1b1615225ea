export { type QuotaServiceConfig, quotaOptions } from './quota.config.js';
export { startQuota } from './start-quota.js';
