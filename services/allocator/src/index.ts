export { type AllocatorConfig, allocatorOptions } from './allocator.config.js';
export { startAllocator } from './start-allocator.js';
