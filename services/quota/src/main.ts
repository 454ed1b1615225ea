import { checkNode } from '@tranche/config';

checkNode(process.versions.node);
// Everything else is loaded after the check: the embedded database would crash an older Node without a word.
const { runService } = await import('@tranche/messaging');
const { readQuotaConfig } = await import('./quota.config.js');
const { startQuota } = await import('./start-quota.js');

await runService('quota', readQuotaConfig(), startQuota);
