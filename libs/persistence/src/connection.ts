import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { DataSource } from 'typeorm';
import { PersistenceError } from './persistence.errors.js';

/** SQLite waits this long for another process that writes; within one process transactions are serialised. */
const SQLITE_BUSY_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** Connections of one service to a server. Writes go one after another; the others are for reads of history. */
const POOL_SIZE = 4;

export const isMysqlUrl = (url: string): boolean => /^(mysql|mariadb):\/\//.test(url);

/** The url without its password. */
export const safeUrl = (url: string): string => url.replace(/(:\/\/[^:/@]*):[^@]*@/, '$1:********@');

/** What speaks MySQL's protocol: the two differ in how they describe columns. */
export type MysqlFlavour = 'mysql' | 'mariadb';

/** Whether TypeORM speaks MySQL's dialect there. */
export const isMysqlType = (databaseType: string): boolean => databaseType === 'mysql' || databaseType === 'mariadb';

/** TypeORM's settings of a url. @throws PersistenceError `persistence/bad-url` */
export function connectionOf(url: string, flavour: MysqlFlavour) {
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
  if (isMysqlUrl(url)) {
    return {
      type: flavour,
      url: url.replace(/^mariadb:/, 'mysql:'),
      charset: 'utf8mb4',
      supportBigNumbers: true,
      timezone: 'Z',
      connectTimeout: CONNECT_TIMEOUT_MS,
      poolSize: POOL_SIZE,
    };
  }
  throw new PersistenceError(
    'persistence/bad-url',
    `database url ${safeUrl(url)} is neither sqlite:PATH nor mysql://…`,
  );
}

/**
 * The url of one service's own schema, where all services are given one url: `…/tranche` → `…/tranche_offers`. Services share an SQLite
 * file.
 */
export function schemaUrl(url: string, service: string): string {
  if (!isMysqlUrl(url)) return url;
  const parsed = new URL(url);
  parsed.pathname = `${parsed.pathname.replace(/\/$/, '') || '/tranche'}_${service}`;
  return parsed.href;
}

/**
 * A MySQL url with the user and the password that are given beside it; other urls have none.
 *
 * @param user, password as they are, not percent-encoded; undefined leaves what the url has
 */
export function withCredentials(url: string, user: string | undefined, password: string | undefined): string {
  if (!isMysqlUrl(url) || (user === undefined && password === undefined)) return url;
  const parsed = new URL(url);
  if (user !== undefined) parsed.username = encodeURIComponent(user);
  if (password !== undefined) parsed.password = encodeURIComponent(password);
  return parsed.href;
}

/**
 * Makes the schema that a MySQL url names, if it is not there and the user may.
 *
 * @returns what kind of server it is; `mysql`, which nobody will look at, for SQLite
 * @throws PersistenceError `persistence/no-schema` when it is not there and cannot be made; whatever the connection fails with
 */
export async function ensureSchema(url: string): Promise<MysqlFlavour> {
  if (!isMysqlUrl(url)) return 'mysql';
  const parsed = new URL(url.replace(/^mariadb:/, 'mysql:'));
  const name = decodeURIComponent(parsed.pathname.slice(1));
  if (name === '') throw new PersistenceError('persistence/bad-url', `database url ${safeUrl(url)} names no schema`);
  parsed.pathname = '/';
  const connection = await createConnection({ uri: parsed.href, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    const [[version]] = (await connection.query('SELECT VERSION() AS version')) as unknown as [[{ version: string }]];
    const flavour: MysqlFlavour = /mariadb/i.test(version.version) ? 'mariadb' : 'mysql';
    const [found] = await connection.query('SELECT 1 FROM information_schema.schemata WHERE schema_name = ?', [name]);
    if ((found as unknown[]).length > 0) return flavour;
    await connection.query(`CREATE DATABASE IF NOT EXISTS \`${name.replaceAll('`', '``')}\` CHARACTER SET utf8mb4`);
    return flavour;
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new PersistenceError(
      'persistence/no-schema',
      `schema ${name} is not there and cannot be made by this user: ${text}`,
      { cause },
    );
  } finally {
    await connection.end();
  }
}

/** Names of the tables of the connected schema. */
export async function tableNames(source: DataSource): Promise<string[]> {
  const rows = (await source.query(
    isMysqlType(source.options.type)
      ? 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()'
      : "SELECT name FROM sqlite_master WHERE type = 'table'",
  )) as { name: string }[];
  return rows.map(({ name }) => name);
}
