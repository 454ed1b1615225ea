import type { DataSource, EntityManager } from 'typeorm';

const chains = new Map<string, Promise<unknown>>();

/**
 * Runs one transaction. On SQLite, transactions of one process on one file follow each other.
 *
 * SQLite has one writer. Two data sources of one process that both wait inside a transaction would block the very thread that could end
 * the first one's: better-sqlite3 waits for the lock synchronously.
 */
export function inTransaction<T>(source: DataSource, run: (manager: EntityManager) => Promise<T>): Promise<T> {
  if (source.options.type !== 'better-sqlite3') return source.transaction(run);
  const file = source.options.database;
  const previous = chains.get(file) ?? Promise.resolve();
  const mine = previous.then(() => source.transaction(run));
  chains.set(
    file,
    mine.catch(() => undefined),
  );
  return mine;
}
