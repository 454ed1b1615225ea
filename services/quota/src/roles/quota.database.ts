import type { ServiceDatabase } from '@tranche/persistence';
import type { EntitySchema } from 'typeorm';
import { CreateRoles1764000002000 } from './migrations/1764000002000-create-roles.js';
import { RoleSchema } from './role-config.schema.js';

/** Every table of the quota service, and how they came to be. */
export const quotaDatabase: ServiceDatabase = {
  service: 'quota',
  entities: [RoleSchema as EntitySchema],
  migrations: [CreateRoles1764000002000],
};
