import { runService } from '@tranche/messaging';
import { readQuotaConfig } from './quota.config.js';
import { startQuota } from './start-quota.js';

await runService('quota', readQuotaConfig(), startQuota);
