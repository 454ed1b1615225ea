import { type Maintenance, NO_MAINTENANCE } from './maintenance.js';

/** The maintenance in force. */
export class MaintenanceBook {
  private now: Maintenance = NO_MAINTENANCE;

  get current(): Maintenance {
    return this.now;
  }

  set(maintenance: Maintenance): void {
    this.now = maintenance;
  }
}
