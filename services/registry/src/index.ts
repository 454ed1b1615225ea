export { type RegistryConfig, registryOptions } from './registry.config.js';
export { type RegistryOptions, type RunningService, startRegistry } from './start-registry.js';
