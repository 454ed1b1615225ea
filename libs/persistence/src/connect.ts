import 'reflect-metadata';
import { DataSource, EntitySchema, type MigrationInterface } from 'typeorm';
import { columnForMysql } from './columns.js';
import { connectionOf, ensureSchema, isMysqlUrl, type MysqlFlavour, safeUrl } from './connection.js';
import { PersistenceError } from './persistence.errors.js';

/** What a service stores: its tables, and how they came to be. */
export interface ServiceDatabase {
  /** Tables and the migration log of a service begin with it: services share a file in the local cluster. */
  readonly service: string;
  readonly entities: readonly EntitySchema[];
  /** In order; each is run once. */
  readonly migrations: readonly (new () => MigrationInterface)[];
}

export interface DatabaseOptions extends ServiceDatabase {
  /** `sqlite:PATH` (`sqlite::memory:`) or `mysql://user:password@host:port/schema`. */
  readonly url: string;
  /** What to do about migrations that have not been applied: apply them (default), or refuse to start without them. */
  readonly pending?: 'apply' | 'require';
  /** How long to wait for a server that does not answer yet. Default 0. */
  readonly waitMs?: number;
  /** Told once when it is waited for. */
  readonly onWaiting?: (reason: string) => void;
}

const RETRY_MS = 500;

/** Connects without looking at the schema. @throws PersistenceError `persistence/unavailable`, `persistence/bad-url` */
export async function connect(options: DatabaseOptions): Promise<DataSource> {
  const endMs = performance.now() + (options.waitMs ?? 0);
  for (let attempt = 1; ; attempt++) {
    try {
      const source = sourceOf(options, await ensureSchema(options.url));
      return await source.initialize();
    } catch (cause) {
      if (cause instanceof PersistenceError) throw cause;
      const text = `cannot open ${safeUrl(options.url)}: ${textOf(cause)}`;
      if (performance.now() >= endMs) throw new PersistenceError('persistence/unavailable', text, { cause });
      if (attempt === 1) options.onWaiting?.(text);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

const sourceOf = (options: DatabaseOptions, flavour: MysqlFlavour): DataSource =>
  new DataSource({
    ...connectionOf(options.url, flavour),
    entities: options.entities.map((entity) => forDialect(entity, options.url)),
    migrations: [...options.migrations],
    migrationsTableName: `${options.service}_migrations`,
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
  });

function forDialect(entity: EntitySchema, url: string): EntitySchema {
  if (!isMysqlUrl(url)) return entity;
  const columns = Object.entries(entity.options.columns).map(([name, column]) => [
    name,
    column === undefined ? column : columnForMysql(column),
  ]);
  return new EntitySchema(Object.assign({}, entity.options, { columns: Object.fromEntries(columns) }));
}

/** mysql2 says `connect ECONNREFUSED …` in the parts of an AggregateError alone. */
function textOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(textOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
