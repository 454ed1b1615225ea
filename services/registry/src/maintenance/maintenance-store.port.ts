import type { Maintenance } from './maintenance.js';

/** Where maintenance is kept beyond the registry's life. */
export interface MaintenanceStore {
  load(): Promise<Maintenance>;
  /** @returns once it is safe. @throws when it cannot be written: the change is not made then */
  save(maintenance: Maintenance): Promise<void>;
}
