import type { DataSource } from 'typeorm';
import { connect, type DatabaseOptions } from './connect.js';
import { applyMigrations, migrationStatus, refuseUnusableSchema } from './migrations.js';

/**
 * Opens a service's database and brings its schema up to date.
 *
 * @throws PersistenceError `persistence/newer-schema` when the database was changed by a newer version in a way that this one cannot live
 * with, `persistence/older-schema` when migrations are to be applied by someone else first, `persistence/unavailable` when it cannot be
 * opened
 */
export async function openDatabase(options: DatabaseOptions): Promise<DataSource> {
  const source = await connect(options);
  try {
    const status = await migrationStatus(source, options);
    refuseUnusableSchema(status, options);
    if (status.pending.length > 0) await applyMigrations(source, options);
    return source;
  } catch (error) {
    await source.destroy();
    throw error;
  }
}
