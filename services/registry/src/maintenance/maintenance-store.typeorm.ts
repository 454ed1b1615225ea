import { inDatabaseSpan } from '@tranche/persistence';
import type { DataSource, Repository } from 'typeorm';
import { type Maintenance, NO_MAINTENANCE } from './maintenance.js';
import type { MaintenanceStore } from './maintenance-store.port.js';
import { type MaintenanceRow, MaintenanceSchema } from './maintenance.schema.js';

/** Maintenance in the table `registry_maintenance`. It is rare and must not be lost, so it is not written behind. */
export class TypeormMaintenanceStore implements MaintenanceStore {
  private readonly rows: Repository<MaintenanceRow>;

  constructor(private readonly source: DataSource) {
    this.rows = source.getRepository(MaintenanceSchema);
  }

  async load(): Promise<Maintenance> {
    const row = await this.rows.findOneBy({ id: 'current' });
    return row?.maintenance ?? NO_MAINTENANCE;
  }

  async save(maintenance: Maintenance): Promise<void> {
    await inDatabaseSpan(this.source, 'UPSERT', MaintenanceSchema, () =>
      this.rows.save({ id: 'current', maintenance }),
    );
  }
}
