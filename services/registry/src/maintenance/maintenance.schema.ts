import { entityColumn } from '@tranche/persistence';
import { EntitySchema } from 'typeorm';
import type { Maintenance } from './maintenance.js';

/** The one row of all maintenance: it changes as a whole. */
export interface MaintenanceRow {
  readonly id: 'current';
  readonly maintenance: Maintenance;
}

export const MaintenanceSchema = new EntitySchema<MaintenanceRow>({
  name: 'registry_maintenance',
  tableName: 'registry_maintenance',
  columns: { id: entityColumn('key', { primary: true }), maintenance: entityColumn('json') },
});
