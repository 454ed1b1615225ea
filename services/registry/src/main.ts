import { checkNode } from '@tranche/config';

checkNode(process.versions.node);
// Everything else is loaded after the check: the embedded database would crash an older Node without a word.
const { runService } = await import('@tranche/messaging');
const { readRegistryConfig } = await import('./registry.config.js');
const { startRegistry } = await import('./start-registry.js');

await runService('registry', readRegistryConfig(), startRegistry);
