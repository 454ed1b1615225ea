export { type RegistryConfig, registryOptions } from './registry.config.js';
export { registryDatabase } from './agents/registry.database.js';
export { startRegistry } from './start-registry.js';
