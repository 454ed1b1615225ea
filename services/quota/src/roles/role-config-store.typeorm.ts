import type { RoleConfig } from '@tranche/contracts';
import { BulkWriter } from '@tranche/persistence';
import type { DataSource, EntitySchema } from 'typeorm';
import type { RoleConfigStore } from './role-config-store.port.js';
import { type RoleRow, RoleSchema } from './role-config.schema.js';
import { isDefault } from './role-configs.js';

/** Role configurations in the table `quota_roles`. */
export class TypeormRoleConfigStore implements RoleConfigStore {
  constructor(private readonly source: DataSource) {}

  async load(): Promise<RoleConfig[]> {
    const rows = await this.source.getRepository<RoleRow>('quota_role').find();
    return rows.map(({ name, weight, guaranteesMilli, limitsMilli }) => ({
      name,
      ...(weight === undefined ? {} : { weight }),
      ...(guaranteesMilli === undefined ? {} : { guaranteesMilli }),
      ...(limitsMilli === undefined ? {} : { limitsMilli }),
    }));
  }

  /** A writer of its own for each save: what was refused must not be written later, with whatever comes next. */
  async save(roles: readonly RoleConfig[]): Promise<void> {
    const writer = new BulkWriter(this.source);
    for (const role of roles) {
      if (isDefault(role)) writer.remove(RoleSchema as EntitySchema, role.name);
      else writer.put(RoleSchema as EntitySchema, role.name, { ...role });
    }
    await writer.flush();
  }
}
