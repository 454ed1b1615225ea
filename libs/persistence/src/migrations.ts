import type { DataSource, QueryRunner } from 'typeorm';
import { connect, type DatabaseOptions, type ServiceDatabase } from './connect.js';
import { isMysqlType, safeUrl, tableNames } from './connection.js';
import { PersistenceError } from './persistence.errors.js';

/** Where a service's schema stands, names in order. */
export interface MigrationStatus {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** Applied by a newer version: this one does not know them. */
  readonly unknown: readonly string[];
}

/**
 * Migrations whose name begins so take something away: a column, a table. They are released a version after the last code that needs it.
 * All others only add, so that the version before goes on working beside them (docs/upgrading.md).
 */
const CONTRACTING = /^Contract/;

/** Seconds that one process waits while another applies migrations. */
const LOCK_WAIT_S = 120;

export async function migrationStatus(source: DataSource, database: ServiceDatabase): Promise<MigrationStatus> {
  const names = namesOf(database);
  const applied = await withRunner(source, async (runner) => {
    const table = logOf(database);
    if (!(await runner.hasTable(table))) return [];
    const rows = (await runner.query(`SELECT name FROM ${table} ORDER BY id`)) as { name: string }[];
    return rows.map(({ name }) => name);
  });
  return {
    applied: applied.filter((name) => names.includes(name)),
    pending: names.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !names.includes(name)),
  };
}

/**
 * Stops before anything is changed.
 *
 * @throws PersistenceError when a newer version has taken away what this one needs, or when migrations are to be applied beforehand
 */
export function refuseUnusableSchema(status: MigrationStatus, options: DatabaseOptions): void {
  const contracted = status.unknown.filter((name) => CONTRACTING.test(name));
  if (contracted.length > 0) {
    throw new PersistenceError(
      'persistence/newer-schema',
      `${safeUrl(options.url)} was changed by a newer version in a way that this one cannot live with (${options.service} has migration ` +
        `${contracted.join(', ')})`,
    );
  }
  if (options.pending !== 'require' || status.pending.length === 0) return;
  throw new PersistenceError(
    'persistence/older-schema',
    `${safeUrl(options.url)} lacks ${status.pending.length} migrations of ${options.service} (${status.pending.join(', ')}): ` +
      'npm run migrate, or DATABASE_MIGRATIONS=apply',
  );
}

/** Applies what is pending. Replicas that start together take turns: the second finds nothing left to do. */
export async function applyMigrations(source: DataSource, database: ServiceDatabase): Promise<string[]> {
  return locked(source, database, async () => (await source.runMigrations()).map(({ name }) => name));
}

/** Takes back the newest migrations of a service. @returns their names, newest first */
export async function revertMigrations(
  source: DataSource,
  database: ServiceDatabase,
  count: number,
): Promise<string[]> {
  return locked(source, database, async () => {
    const reverted: string[] = [];
    for (let i = 0; i < count; i++) {
      const { applied, unknown } = await migrationStatus(source, database);
      const newest = applied.at(-1);
      if (newest === undefined) break;
      if (unknown.length > 0)
        throw new PersistenceError(
          'persistence/newer-schema',
          `${database.service} has migration ${unknown.join(', ')} of a newer version: take it back with that version first`,
        );
      await source.undoLastMigration();
      reverted.push(newest);
    }
    return reverted;
  });
}

/** How many migrations all services together have applied to a database. @throws when it cannot be opened */
export async function countMigrations(url: string): Promise<number> {
  const source = await connect({ url, service: '', entities: [], migrations: [] });
  try {
    let sum = 0;
    for (const table of (await tableNames(source)).filter((name) => name.endsWith('_migrations'))) {
      const rows = (await source.query(`SELECT count(*) AS n FROM ${source.driver.escape(table)}`)) as { n: unknown }[];
      sum += Number(rows[0]?.n ?? 0);
    }
    return sum;
  } finally {
    await source.destroy();
  }
}

const logOf = ({ service }: ServiceDatabase): string => `${service}_migrations`;

const namesOf = ({ migrations }: ServiceDatabase): string[] =>
  migrations.map((migration) => new migration().name ?? migration.name);

async function withRunner<T>(source: DataSource, run: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = source.createQueryRunner();
  try {
    return await run(runner);
  } finally {
    await runner.release();
  }
}

/** SQLite has one writer anyway; MySQL's DDL knows no transactions, so a named lock keeps processes apart. */
function locked<T>(source: DataSource, database: ServiceDatabase, run: () => Promise<T>): Promise<T> {
  if (!isMysqlType(source.options.type)) return run();
  return withRunner(source, async (runner) => {
    const name = `${String(source.options.database ?? '')}.${logOf(database)}`.slice(-64);
    const [row] = (await runner.query(`SELECT GET_LOCK(?, ${LOCK_WAIT_S}) AS taken`, [name])) as { taken: unknown }[];
    if (Number(row?.taken) !== 1)
      throw new PersistenceError(
        'persistence/unavailable',
        `another process has been changing the schema of ${database.service} for ${LOCK_WAIT_S} s`,
      );
    try {
      return await run();
    } finally {
      await runner.query('SELECT RELEASE_LOCK(?)', [name]);
    }
  });
}
