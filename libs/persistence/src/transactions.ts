import type { DataSource, EntityManager } from 'typeorm';

const chains = new Map<string, Promise<unknown>>();

/** A transaction that the database has broken off in favour of another is tried this often. */
const TRIES = 5;
const FIRST_DELAY_MS = 20;

/** MySQL's and MariaDB's words for it: a deadlock was found, or a lock was waited for too long. */
const BROKEN_OFF = new Set(['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT']);

/**
 * Runs one transaction. On SQLite, transactions of one process on one file follow each other; on MySQL one that was broken off for a
 * deadlock is run again from its beginning, so it must do nothing but work with its manager.
 *
 * SQLite has one writer. Two data sources of one process that both wait inside a transaction would block the very thread that could end
 * the first one's: better-sqlite3 waits for the lock synchronously.
 */
export function inTransaction<T>(source: DataSource, run: (manager: EntityManager) => Promise<T>): Promise<T> {
  if (source.options.type !== 'better-sqlite3') return retried(() => source.transaction(run));
  const file = source.options.database;
  const previous = chains.get(file) ?? Promise.resolve();
  const mine = previous.then(() => source.transaction(run));
  chains.set(
    file,
    mine.catch(() => undefined),
  );
  return mine;
}

async function retried<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt === TRIES || !isBrokenOff(error)) throw error;
      // Two that met once should not meet again: each waits another time.
      const delayMs = FIRST_DELAY_MS * 2 ** attempt * (0.5 + Math.random());
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}

/** Whether the database has taken a transaction back so that another could go on. */
export const isBrokenOff = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && BROKEN_OFF.has(String(error.code));
