import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { announceRun, readRunAddress, readTestServersConfig } from './test-servers.config.js';
import { TestServers } from './test-servers.js';

// Test files run in other processes than the set-up that owns the servers: they ask it over HTTP on 127.0.0.1.

/** Begins a run: its workers may ask for urls until `stop`. */
export async function serveRun(say: (line: string) => void): Promise<{ stop(): Promise<void> }> {
  const servers = await TestServers.find(readTestServersConfig(), say);
  const folder = mkdtempSync(join(tmpdir(), 'tranche-sqlite-'));
  const urls: Record<string, () => Promise<string>> = {
    '/amqp': () => servers.amqpUrl(),
    '/mysql': () => servers.mysqlUrl(),
    '/sqlite': () => Promise.resolve(`sqlite:${join(folder, `${randomUUID()}.db`)}`),
    '/management': async () => (await servers.brokerServer()).managementUrl,
  };
  const server = createServer((request, response) => {
    const url = urls[request.url ?? ''];
    if (url === undefined) return void response.writeHead(404).end();
    url().then(
      (text) => response.writeHead(200).end(text),
      (error: unknown) => response.writeHead(503).end(error instanceof Error ? error.message : String(error)),
    );
  });
  // A server may take longer to start than HTTP servers are patient by default.
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const amqp = servers.missing('amqp');
  const mysql = servers.missing('mysql');
  announceRun({
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mysqlName: servers.mysqlName,
    missing: { ...(amqp === undefined ? {} : { amqp }), ...(mysql === undefined ? {} : { mysql }) },
  });
  return {
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await servers.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ask(path: string): Promise<string> {
  const run = readRunAddress();
  if (run === undefined)
    throw new Error('no servers for tests here: only the projects integration and e2e have them (vitest.config.ts)');
  // A connection of its own: one that was kept may be closed by the other side just as it is used again.
  const answer = await fetch(`${run.address}${path}`, { headers: { connection: 'close' } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/**
 * A virtual host on a real RabbitMQ that nobody else uses: `amqp://user:password@host:port/test-…`. Starts the broker when it is the
 * first of the run; that takes some seconds.
 *
 * @throws Error when there is none: guard with `describe.skipIf(brokerMissing())`
 */
export const amqpUrl = (): Promise<string> => ask('/amqp');

/** A database on a real MariaDB or MySQL that nobody else uses: `mysql://user:password@host:port/test_…`. @throws as `amqpUrl` */
export const mysqlUrl = (): Promise<string> => ask('/mysql');

/** The management API of the run's RabbitMQ, `http://user:password@host:port`: to look at queues or cut connections. */
export const brokerManagementUrl = (): Promise<string> => ask('/management');

/** Why tests cannot have a RabbitMQ on this machine; undefined when they can. For `describe.skipIf`, and for the title. */
export const brokerMissing = (): string | undefined => readRunAddress()?.missing.amqp;

/** Why tests cannot have a MariaDB or MySQL on this machine; undefined when they can. */
export const mysqlMissing = (): string | undefined => readRunAddress()?.missing.mysql;

/** A database that suites of adapters run on. */
export interface TestDatabase {
  readonly name: string;
  /** Why it cannot be had here: for `describe.skipIf`. */
  readonly missing: string | undefined;
  /** An empty database that nobody else uses; removed at the end of the run. */
  freshUrl(): Promise<string>;
}

/**
 * Every database that services run on. A suite that concerns tables runs on all of them:
 * `for (const database of testDatabases()) describe.skipIf(database.missing)(…)`.
 */
export function testDatabases(): readonly TestDatabase[] {
  const missing = mysqlMissing();
  const server = readRunAddress()?.mysqlName ?? 'MariaDB';
  return [
    { name: 'SQLite', missing: undefined, freshUrl: () => ask('/sqlite') },
    { name: missing === undefined ? server : `MariaDB (${missing})`, missing, freshUrl: mysqlUrl },
  ];
}
