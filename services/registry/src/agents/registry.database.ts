import { entitiesOf, requestTables, type ServiceDatabase } from '@tranche/persistence';
import type { EntitySchema } from 'typeorm';
import { MaintenanceSchema } from '../maintenance/maintenance.schema.js';
import { CreateMaintenance1764000001002 } from '../maintenance/migrations/1764000001002-create-maintenance.js';
import { AgentSchema } from './agent.schema.js';
import { CreateRequests1764000001003 } from './migrations/1764000001003-create-requests.js';
import { CreateAgents1764000001000 } from './migrations/1764000001000-create-agents.js';

/** What the service remembers of requests. */
export const registryRequests = requestTables('registry');

/** Every table of the registry, and how they came to be. */
export const registryDatabase: ServiceDatabase = {
  service: 'registry',
  entities: [AgentSchema as EntitySchema, MaintenanceSchema as EntitySchema, ...entitiesOf(registryRequests)],
  migrations: [CreateAgents1764000001000, CreateMaintenance1764000001002, CreateRequests1764000001003],
};
