export { type QuotaServiceConfig, quotaOptions } from './quota.config.js';
export { quotaDatabase } from './roles/quota.database.js';
export { startQuota } from './start-quota.js';
