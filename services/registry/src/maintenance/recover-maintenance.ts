import type { AgentRoster } from '../agents/agent-roster.js';
import { withUnavailability } from './change-maintenance.js';
import { unavailabilityOf } from './maintenance.js';
import type { MaintenanceBook } from './maintenance-book.js';
import type { MaintenanceStore } from './maintenance-store.port.js';

/** Brings back the maintenance of the registry's last life, after its agents and before anything is served. */
export async function recoverMaintenance(
  store: MaintenanceStore,
  book: MaintenanceBook,
  roster: AgentRoster,
): Promise<void> {
  book.set(await store.load());
  for (const known of [...roster.all()]) {
    const unavailability = unavailabilityOf(book.current, known.record);
    if (JSON.stringify(unavailability) !== JSON.stringify(known.record.unavailability)) {
      roster.put(withUnavailability(known, unavailability));
    }
  }
}
