import type { DataSource, EntitySchema } from 'typeorm';
import { inTransaction } from './transactions.js';

/** Rows of one statement: small enough to hold its locks for milliseconds. */
const BATCH_ROWS = 1_000;

/**
 * Deletes rows whose time is over, a batch a transaction, oldest first.
 *
 * @param column property of the entity with a point in time; rows without one stay
 * @param beforeMs rows from before it go
 * @returns how many went
 */
export async function deleteInBatches<T extends object>(
  source: DataSource,
  entity: EntitySchema<T>,
  column: keyof T & string,
  beforeMs: number,
): Promise<number> {
  const metadata = source.getMetadata(entity.options.name);
  const escape = (name: string): string => source.driver.escape(name);
  const [key] = metadata.primaryColumns;
  const time = metadata.findColumnWithPropertyName(column);
  if (key === undefined || time === undefined) throw new Error(`${entity.options.name} has no key or no ${column}`);
  const table = escape(metadata.tableName);
  const [keyName, timeName] = [escape(key.databaseName), escape(time.databaseName)];
  let deleted = 0;
  for (;;) {
    const rows = (await source.query(
      `SELECT ${keyName} AS k FROM ${table} WHERE ${timeName} < ? ORDER BY ${timeName} LIMIT ${BATCH_ROWS}`,
      [beforeMs],
    )) as { k: unknown }[];
    if (rows.length === 0) return deleted;
    const marks = rows.map(() => '?').join(',');
    await inTransaction(source, (manager) =>
      manager.query(
        `DELETE FROM ${table} WHERE ${keyName} IN (${marks})`,
        rows.map(({ k }) => k),
      ),
    );
    deleted += rows.length;
    if (rows.length < BATCH_ROWS) return deleted;
  }
}
