import 'reflect-metadata';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataSource, EntitySchema, type MigrationInterface } from 'typeorm';
import { PersistenceError } from './persistence.errors.js';

export interface DatabaseOptions {
  /** `sqlite:PATH` (`sqlite::memory:`) or `mysql://user:password@host:port/schema`. */
  readonly url: string;
  /** Tables and the migration log of a service begin with it: services share a file in the local cluster. */
  readonly service: string;
  readonly entities: readonly EntitySchema[];
  /** In order; each is run once, at start. */
  readonly migrations: readonly (new () => MigrationInterface)[];
}

/** SQLite waits this long for another process that writes; within one process transactions are serialised. */
const SQLITE_BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens a service's database and brings its schema up to date.
 *
 * @throws PersistenceError `persistence/newer-schema` when the database was written by a newer version, `persistence/unavailable` when
 * it cannot be opened
 */
export async function openDatabase(options: DatabaseOptions): Promise<DataSource> {
  const source = new DataSource({
    ...connectionOf(options.url),
    entities: options.entities.map((entity) => forDialect(entity, options.url)),
    migrations: [...options.migrations],
    migrationsTableName: `${options.service}_migrations`,
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
  });
  try {
    await source.initialize();
  } catch (cause) {
    throw new PersistenceError('persistence/unavailable', `cannot open ${safeUrl(options.url)}: ${textOf(cause)}`, {
      cause,
    });
  }
  try {
    await refuseNewerSchema(source, options);
    await source.runMigrations();
    return source;
  } catch (error) {
    await source.destroy();
    throw error;
  }
}

function connectionOf(url: string) {
  if (url.startsWith('sqlite:')) {
    const database = url.slice('sqlite:'.length);
    if (database !== ':memory:') mkdirSync(dirname(database), { recursive: true });
    return {
      type: 'better-sqlite3' as const,
      database,
      enableWAL: database !== ':memory:',
      timeout: SQLITE_BUSY_TIMEOUT_MS,
      // A crash of the machine may lose the last transactions; the agents' journals and the next registration restore them.
      prepareDatabase: (db: { pragma(text: string): unknown }): void => void db.pragma('synchronous = NORMAL'),
    };
  }
  if (/^(mysql|mariadb):\/\//.test(url)) {
    return {
      type: 'mysql' as const,
      url: url.replace(/^mariadb:/, 'mysql:'),
      charset: 'utf8mb4',
      supportBigNumbers: true,
    };
  }
  throw new PersistenceError(
    'persistence/bad-url',
    `database url ${safeUrl(url)} is neither sqlite:PATH nor mysql://…`,
  );
}

/** How many migrations all services together have applied to a database. @throws PersistenceError when it cannot be opened */
export async function countMigrations(url: string): Promise<number> {
  const source = new DataSource({ ...connectionOf(url), entities: [] });
  await source.initialize();
  const runner = source.createQueryRunner();
  try {
    const tables = (await runner.getTables()).map(({ name }) => name).filter((name) => name.endsWith('_migrations'));
    let sum = 0;
    for (const table of tables) {
      const [row] = (await runner.query(`SELECT count(*) AS n FROM ${source.driver.escape(table)}`)) as {
        n: number | string;
      }[];
      sum += Number(row?.n ?? 0);
    }
    return sum;
  } finally {
    await runner.release();
    await source.destroy();
  }
}

/** MySQL's `text` ends at 64 KB; a task with a long command does not. SQLite's has no end and knows no `longtext`. */
function forDialect(entity: EntitySchema, url: string): EntitySchema {
  if (url.startsWith('sqlite:')) return entity;
  const columns = Object.entries(entity.options.columns).map(([name, column]) => [
    name,
    column?.type === 'text' ? { ...column, type: 'longtext' } : column,
  ]);
  return new EntitySchema(Object.assign({}, entity.options, { columns: Object.fromEntries(columns) }));
}

/** A migration in the database that this build does not have was made by a newer one: stop before anything is changed. */
async function refuseNewerSchema(source: DataSource, options: DatabaseOptions): Promise<void> {
  const table = `${options.service}_migrations`;
  const runner = source.createQueryRunner();
  try {
    if (!(await runner.hasTable(table))) return;
    const rows = (await runner.query(`SELECT name FROM ${table}`)) as { name: string }[];
    const known = new Set(options.migrations.map((migration) => new migration().name ?? migration.name));
    const unknown = rows.map((row) => row.name).filter((name) => !known.has(name));
    if (unknown.length === 0) return;
    throw new PersistenceError(
      'persistence/newer-schema',
      `${safeUrl(options.url)} was written by a newer version (${options.service} has migration ${unknown.join(', ')})`,
    );
  } finally {
    await runner.release();
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The url without its password. */
export const safeUrl = (url: string): string => url.replace(/(:\/\/[^:/@]*):[^@]*@/, '$1:********@');
