import { createServer, connect as connectTo, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Metrics, silentLogger } from '@tranche/telemetry';
import { mysqlMissing, mysqlUrl } from '@tranche/test-servers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage, type ServiceStorage } from './open-storage.js';
import { allThings, thing, things, ThingSchema } from './things.fakes.js';

/** A way to a server that can be cut and mended: to whoever goes through, the server goes away and comes back. */
class Line {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  port = 0;

  constructor(private readonly target: URL) {}

  async mend(): Promise<void> {
    const server = createServer((near) => {
      const far = connectTo(Number(this.target.port), this.target.hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(one);
        one.on('error', () => undefined).on('close', () => other.destroy());
        one.pipe(other);
      }
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', () => resolve()));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
    await closed;
  }
}

describe.skipIf(mysqlMissing())(`the storage of a service whose database goes away ${mysqlMissing() ?? ''}`, () => {
  let line: Line;
  let storage: ServiceStorage;
  const metrics = new Metrics('test');

  beforeEach(async () => {
    const url = new URL(await mysqlUrl());
    line = new Line(new URL(url));
    await line.mend();
    url.port = String(line.port);
    const config = { databaseUrl: url.href, databaseMigrations: 'apply', databaseWaitMs: 0 } as const;
    storage = await openStorage(things, config, { logger: silentLogger, metrics });
  });
  afterEach(async () => {
    await storage.close();
    await line.cut();
  });

  it('keeps what changes, says so, and writes it when the database is back', async () => {
    expect([storage.state, await storage.ping()]).toEqual([true, true]);
    await line.cut();
    storage.writer.put(ThingSchema, 'a', thing('a'));
    await expect.poll(() => storage.state, { timeout: 10_000 }).not.toBe(true);
    expect(storage.state).toEqual({ usable: expect.stringMatching(/^not written for \d+ s \(.+\); 1 changes wait$/) });
    expect(await storage.ping()).toMatchObject({ usable: expect.stringContaining('cannot be asked') });
    storage.writer.put(ThingSchema, 'b', thing('b'));
    expect(await metrics.render()).toContain('tranche_db_changes_waiting{service="test"} 2');
    await line.mend();
    await expect.poll(() => storage.state, { timeout: 20_000 }).toBe(true);
    expect((await allThings(storage.source)).map(({ id }) => id)).toEqual(['a', 'b']);
    const text = await metrics.render();
    for (const counted of [
      'begin",outcome="failed',
      'insert",outcome="ok',
      'commit",outcome="ok',
      'select",outcome="ok',
    ]) {
      expect(text).toMatch(new RegExp(`tranche_db_queries_total\\{operation="${counted}",service="test"\\} \\d`));
    }
    expect(text).toMatch(/tranche_db_query_duration_seconds_count\{service="test",operation="commit"\} \d/);
  });
});
