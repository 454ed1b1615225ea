import { entitiesOf, requestTables, type ServiceDatabase } from '@tranche/persistence';
import type { EntitySchema } from 'typeorm';
import { CreateRoles1764000002000 } from './migrations/1764000002000-create-roles.js';
import { CreateRequests1764000002001 } from './migrations/1764000002001-create-requests.js';
import { RoleSchema } from './role-config.schema.js';

/** What the service remembers of requests. */
export const quotaRequests = requestTables('quota');

/** Every table of the quota service, and how they came to be. */
export const quotaDatabase: ServiceDatabase = {
  service: 'quota',
  entities: [RoleSchema as EntitySchema, ...entitiesOf(quotaRequests)],
  migrations: [CreateRoles1764000002000, CreateRequests1764000002001],
};
