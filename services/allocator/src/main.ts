import { checkNode } from '@tranche/config';

checkNode(process.versions.node);
// Everything else is loaded after the check: the embedded database would crash an older Node without a word.
const { runService } = await import('@tranche/messaging');
const { readAllocatorConfig } = await import('./allocator.config.js');
const { startAllocator } = await import('./start-allocator.js');

await runService('allocator', readAllocatorConfig(), startAllocator);
