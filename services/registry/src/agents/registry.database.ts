import type { ServiceDatabase } from '@tranche/persistence';
import type { EntitySchema } from 'typeorm';
import { AgentSchema } from './agent.schema.js';
import { CreateAgents1764000001000 } from './migrations/1764000001000-create-agents.js';

/** Every table of the registry, and how they came to be. */
export const registryDatabase: ServiceDatabase = {
  service: 'registry',
  entities: [AgentSchema as EntitySchema],
  migrations: [CreateAgents1764000001000],
};
