import { runService } from '@tranche/messaging';
import { readRegistryConfig } from './registry.config.js';
import { startRegistry } from './start-registry.js';

await runService('registry', readRegistryConfig(), startRegistry);
