import { connect, revertMigrations, schemaUrl } from '@tranche/persistence';
import { serviceDatabases } from './service-databases.js';

/** Takes every migration of every service back: what they stored in these schemas is forgotten. @throws PersistenceError */
export async function resetDatabases(url: string): Promise<void> {
  for (const database of serviceDatabases) {
    const source = await connect({ ...database, url: schemaUrl(url, database.service) });
    try {
      await revertMigrations(source, database, database.migrations.length);
    } finally {
      await source.destroy();
    }
  }
}
