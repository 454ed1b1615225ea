export { type RegistryConfig, registryOptions } from './registry.config.js';
export { startRegistry } from './start-registry.js';
