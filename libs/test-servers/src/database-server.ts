import { randomUUID } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import type { ServerProcess } from './system/server-process.js';

/** A MariaDB or MySQL that tests may use. */
export interface DatabaseServer {
  /** `mysql://user:password@host:port`, without a database. */
  readonly url: string;
  /** Where it is a process of this machine that we started. */
  readonly process?: ServerProcess | undefined;
  stop(): Promise<void>;
}

/** Makes a database that nobody else uses. @returns the server's url with it */
export async function freshDatabase(server: DatabaseServer): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await statement(server, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  return `${server.url}/${name}`;
}

/** Removes a database that `freshDatabase` made, and those that services made beside it: their names begin with its own. */
export async function removeDatabase(server: DatabaseServer, url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  for (const database of await databases(server)) {
    if (database === name || database.startsWith(`${name}_`)) await statement(server, `DROP DATABASE \`${database}\``);
  }
}

async function databases(server: DatabaseServer): Promise<string[]> {
  const rows = (await statement(server, 'SHOW DATABASES')) as Record<string, string>[];
  return rows.flatMap((row) => Object.values(row));
}

async function statement(server: DatabaseServer, sql: string): Promise<unknown> {
  const connection = await createConnection(server.url);
  try {
    const [rows] = await connection.query(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

/** A server that was there before us: nothing of it is stopped. @throws Error when it does not take the connection */
export async function useGivenDatabase(url: string): Promise<DatabaseServer> {
  const parsed = new URL(url);
  const credentials = parsed.username === '' ? '' : `${parsed.username}:${parsed.password}@`;
  const server = { url: `mysql://${credentials}${parsed.host}`, stop: () => Promise.resolve() };
  await databases(server);
  return server;
}
