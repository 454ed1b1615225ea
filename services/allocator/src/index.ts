export { type AllocatorConfig, allocatorOptions } from './allocator.config.js';
export { type RunningService, startAllocator } from './start-allocator.js';
