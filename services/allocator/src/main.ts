import { runService } from '@tranche/messaging';
import { readAllocatorConfig } from './allocator.config.js';
import { startAllocator } from './start-allocator.js';

await runService('allocator', readAllocatorConfig(), startAllocator);
