import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, start } from './local-cluster.js';

const folderOf = (service: string): string => fileURLToPath(new URL(`../../services/${service}`, import.meta.url));

describe('a service on its own', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-alone-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const service = (name: string, env: Record<string, string>, ...args: string[]): Running =>
    start(process.execPath, [folderOf(name), ...args], {
      HTTP_PORT: '0',
      PUBLIC_URL: 'http://cluster.example:5050',
      DATABASE_URL: `sqlite:${join(folder, 'db')}`,
      ...env,
    });

  it('shows where each option comes from, and no secret', async () => {
    const file = join(folder, 'offers.yaml');
    writeFileSync(file, 'OFFERS_OFFER_TIMEOUT_MS: 7000\n');
    const env = { LOG_LEVEL: 'warn', DATABASE_URL: 'mysql://u:s3cret@h/d' };
    const { status, stdout } = await service('offers', env, '--config', file, '--print-config').finished;
    expect(status).toBe(0);
    expect(stdout).toContain('OFFERS_OFFER_TIMEOUT_MS=7000  # file');
    expect(stdout).toContain('LOG_LEVEL=warn  # environment');
    expect(stdout).toContain('OFFERS_HEARTBEAT_INTERVAL_MS=15000  # default');
    expect(stdout).not.toContain('s3cret');
  });

  it('names all mistakes at once, with the nearest name, and ends with 2', async () => {
    const env = { OFFERS_OFFER_TIMEOUT: '1', LOG_LEVEL: 'loud', HTTP_PORT: '99999' };
    const { status, stderr } = await service('offers', env).finished;
    expect(status).toBe(2);
    expect(stderr).toContain('did you mean OFFERS_OFFER_TIMEOUT_MS?');
    expect(stderr).toContain('LOG_LEVEL: "loud" must be one of');
    expect(stderr).toContain('HTTP_PORT: "99999"');
  });

  it('serves its health and documents, sends others on, ends streams at SIGTERM and exits 0', async () => {
    const offers = service('offers', {});
    const [, address = ''] = await offers.until(/"address":"([^"]+)","msg":"serving"/);
    const get = (path: string) => fetch(address + path, { redirect: 'manual' });
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok', service: 'offers' });
    const { ready, dependencies } = (await (await get('/readyz')).json()) as { ready: boolean; dependencies: object };
    expect([ready, Object.keys(dependencies)]).toEqual([true, expect.arrayContaining(['database', 'registry'])]);
    expect(await (await get('/metrics')).text()).toContain('tranche_db_changes_waiting');
    const { paths } = (await (await get('/openapi.json')).json()) as { paths: Record<string, object> };
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/api/v1/scheduler', '/v1/tasks', '/v1/settings']));
    expect(paths['/v1/agents']).toBeUndefined();
    const elsewhere = await get('/master/state?x=1');
    expect([elsewhere.status, elsewhere.headers.get('location')]).toEqual([
      307,
      '//cluster.example:5050/master/state?x=1',
    ]);
    const stream = await fetch(`${address}/api/v1/scheduler`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        type: 'SUBSCRIBE',
        subscribe: { framework_info: { user: 'u', name: 'f', failover_timeout: 60 } },
      }),
    });
    offers.process.kill('SIGTERM');
    // Read to its end: it is ended, not cut.
    expect(await stream.text()).toContain('SUBSCRIBED');
    expect((await offers.finished).status).toBe(0);
    expect(offers.output().stderr).toContain('event stream ended');
  });

  it.each(['registry', 'allocator', 'offers', 'quota'] as const)(
    '%s ends in good order when it is told to the moment that it says it serves',
    async (name) => {
      const one = service(name, {});
      await one.until(/"msg":"serving"/);
      one.process.kill('SIGTERM');
      expect((await one.finished).status).toBe(0);
      expect(one.output().stderr).toContain('"msg":"stopped"');
    },
  );

  it('refuses to start without migrations that someone else is to apply', async () => {
    const env = { DATABASE_MIGRATIONS: 'require', DATABASE_URL: `sqlite:${join(folder, 'empty')}` };
    const { status, stderr } = await service('quota', env).finished;
    expect([status, stderr]).toEqual([1, expect.stringContaining('npm run migrate')]);
  });
});
