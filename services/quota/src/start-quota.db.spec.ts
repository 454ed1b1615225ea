import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { configWith } from '@tranche/config';
import {
  type FrameworkRecord,
  FrameworkUpdatedV1,
  MarkStatedV1,
  type OffersSnapshot,
  type OperatorAnswer,
  OperatorCallV1,
  OffersSnapshotV1,
  type PassMark,
  PassMarkV1,
  QuotaSnapshotV1,
  queueOf,
  type RegistrySnapshot,
  RegistrySnapshotV1,
  type RoleConfigChanged,
  RoleConfigChangedV1,
  type StateMark,
  StateMarkV1,
  type Page,
} from '@tranche/contracts';
import type { RunningService } from '@tranche/http';
import type { MasterCall } from '@tranche/mesos-api';
import { Handles, InProcessBroker, inProcessHost, MessageBus, type ServiceHost } from '@tranche/messaging';
import { silentLogger } from '@tranche/telemetry';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { quotaOptions } from './quota.config.js';
import { startQuota } from './start-quota.js';

@Controller()
class FakeOffers {
  constructor(private readonly bus: MessageBus) {}

  @Handles(OffersSnapshotV1)
  snapshot(): OffersSnapshot {
    return { asOf: this.bus.factNumbers(), frameworks: [], tasks: [], offers: [], held: [] };
  }

  @Handles(StateMarkV1)
  marks(items: StateMark[]): void {
    this.bus.publish(
      MarkStatedV1,
      items.map(({ mark }) => ({ mark, partition: 0 })),
    );
  }
}

@Controller()
class FakeRegistry {
  constructor(private readonly bus: MessageBus) {}

  @Handles(RegistrySnapshotV1)
  snapshot(): RegistrySnapshot {
    return { asOf: this.bus.factNumbers(), agents: [] };
  }
}

@Controller()
class FakeAllocator {
  readonly heard: RoleConfigChanged[] = [];

  constructor(private readonly bus: MessageBus) {}

  @Handles(PassMarkV1)
  async marks(items: PassMark[]): Promise<void> {
    await this.bus.send(StateMarkV1, queueOf('offers'), items);
  }

  @Handles(RoleConfigChangedV1)
  changed(items: RoleConfigChanged[]): void {
    this.heard.push(...items);
  }
}

describe('the quota service', () => {
  let folder: string;
  let broker: InProcessBroker;
  let offers: ServiceHost;
  let quota: RunningService;
  let allocator: FakeAllocator;
  const others: INestMicroservice[] = [];

  const host = (service: string): ServiceHost => inProcessHost({ service, broker, logger: silentLogger });

  async function serve(service: 'offers' | 'registry' | 'allocator', controller: new (bus: MessageBus) => object) {
    const own = host(service);
    @Module({ controllers: [controller], providers: [{ provide: MessageBus, useValue: own.bus }] })
    class OtherModule {}
    const app = await NestFactory.createMicroservice(OtherModule, {
      strategy: own.strategy(queueOf(service)),
      logger: false,
    });
    await app.listen();
    others.push(app);
    if (controller === FakeAllocator) allocator = app.get(FakeAllocator);
    return own;
  }

  async function start(): Promise<RunningService> {
    const config = configWith(quotaOptions, { databaseUrl: `sqlite:${join(folder, 'tranche.db')}` });
    const running = await startQuota({ config, host: host('quota') });
    await running.app.getHttpAdapter().getInstance().ready();
    return running;
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-quota-'));
    broker = new InProcessBroker();
    offers = await serve('offers', FakeOffers);
    await serve('registry', FakeRegistry);
    await serve('allocator', FakeAllocator);
    quota = await start();
  });
  afterEach(async () => {
    await quota.stop();
    for (const app of others.splice(0)) await app.close();
    rmSync(folder, { recursive: true });
  });

  const call = async (method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE', url: string, body?: string) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await quota.app.inject({ method, url, ...(body === undefined ? {} : { body, headers }) });
    return { status: answer.statusCode, text: answer.body, headers: answer.headers };
  };

  /** It has its snapshots: what is stated from now on it hears as facts. */
  const ready = () =>
    vi.waitFor(async () => {
      const dependencies = { database: true, offers: true, registry: true };
      expect(JSON.parse((await call('GET', '/readyz')).text)).toEqual({ ready: true, dependencies });
    });

  it('sets a weight, shows it, and states it to the allocator', async () => {
    expect(await call('PUT', '/weights', '[{"role":"dev","weight":2.5}]')).toMatchObject({ status: 200, text: '' });
    expect((await call('GET', '/master/weights')).text).toBe('[{"role":"dev","weight":2.5}]');
    await vi.waitFor(() => expect(allocator.heard).toEqual([{ role: { name: 'dev', weight: 2.5 } }]));
    expect(await offers.bus.ask(QuotaSnapshotV1, queueOf('quota'), {})).toMatchObject({
      asOf: { numbers: { 'role.config-changed.v1': 1 } },
      roles: [{ name: 'dev', weight: 2.5 }],
    });
  });

  it('remembers what was set after a restart', async () => {
    await call('PUT', '/weights', '[{"role":"dev","weight":2.5}]');
    await quota.stop();
    quota = await start();
    expect((await call('GET', '/weights')).text).toBe('[{"role":"dev","weight":2.5}]');
  });

  it('refuses weights that cannot be, in the words of Mesos', async () => {
    expect(await call('PUT', '/weights', '{bad')).toMatchObject({
      status: 400,
      text: "Failed to parse update weights request JSON '{bad': syntax error at line 1 near: bad",
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
    expect(await call('DELETE', '/weights')).toMatchObject({ status: 405, headers: { allow: 'GET, PUT' } });
  });

  it('lists the roles in use, as Mesos and below /v1', async () => {
    const framework = {
      frameworkId: 'f',
      info: { user: 'u', name: 'n' },
      state: 'connected',
      active: true,
      roles: ['a/b'],
      suppressedRoles: [],
      registeredAtMs: 1,
    } satisfies FrameworkRecord;
    await ready();
    offers.bus.publish(FrameworkUpdatedV1, [{ framework }]);
    await vi.waitFor(async () => expect((await call('GET', '/roles')).text).toContain('"frameworks":["f"]'));
    const names = (JSON.parse((await call('GET', '/roles')).text) as { roles: { name: string }[] }).roles;
    expect(names.map((role) => role.name)).toEqual(['a', 'a/b']);
    const page = async (query: string) =>
      JSON.parse((await call('GET', `/v1/roles?limit=1${query}`)).text) as Page<object>;
    const { items, next } = await page('');
    expect(items).toMatchObject([{ name: 'a' }]);
    expect(await page(`&after=${next}`)).toMatchObject({
      items: [{ name: 'a/b', weight: 1, allocated: {}, frameworks: ['f'] }],
    });
    expect(await call('GET', '/v1/roles?limit=0')).toMatchObject({ status: 400 });
  });

  it('sets a quota and takes it away, as Mesos words it', async () => {
    expect(await call('GET', '/quota')).toMatchObject({ status: 200, text: '{}' });
    const cpus = (value: number) => ({ name: 'cpus', type: 'SCALAR', scalar: { value } });
    const post = (body: object) => call('POST', '/quota', JSON.stringify(body));
    expect(await post({ role: 'big', guarantee: [cpus(9)] })).toMatchObject({
      status: 409,
      text: "Quota guarantees overcommit the cluster (use 'force' to bypass this check): Total quota guarantees 'cpus:9' exceed cluster capacity ''",
    });
    expect(await post({ role: 'dev', guarantee: [cpus(1)], force: true })).toMatchObject({ status: 200, text: '' });
    expect(await post({ role: 'dev', guarantee: [cpus(1)], force: true })).toMatchObject({
      status: 400,
      text: "Failed to validate set quota request: Cannot set quota for role 'dev' which already has quota",
    });
    expect(JSON.parse((await call('GET', '/master/quota')).text)).toEqual({
      infos: [{ role: 'dev', guarantee: [cpus(1)] }],
      configs: [{ role: 'dev', guarantees: { cpus: { value: 1 } }, limits: { cpus: { value: 1 } } }],
    });
    await vi.waitFor(() =>
      expect(allocator.heard).toEqual([
        { role: { name: 'dev', guaranteesMilli: { cpus: 1_000 }, limitsMilli: { cpus: 1_000 } } },
      ]),
    );
    expect(await call('DELETE', '/quota/nosuch')).toMatchObject({
      status: 400,
      text: "Failed to remove quota for path '/master/quota/nosuch': Role 'nosuch' has no quota set",
    });
    expect(await call('DELETE', '/master/quota')).toMatchObject({
      status: 400,
      text: "Failed to parse remove quota request for path '/master/quota': expected 3 tokens, found 2 tokens",
    });
    expect(await call('DELETE', '/master/quota/dev')).toMatchObject({ status: 200 });
    expect((await call('GET', '/quota')).text).toBe('{}');
  });

  it('has quotas below /v1, with dry runs and conditions', async () => {
    const path = '/v1/quotas/web';
    expect(await call('GET', path)).toMatchObject({ status: 404 });
    const over = await call('PUT', path, '{"guarantee":{"cpus":4}}');
    expect([over.status, JSON.parse(over.text)]).toMatchObject([
      409,
      { code: 'quota.overcommit', detail: 'all guarantees together would be cpus 4; the cluster has cpus 0' },
    ]);
    const limit = '{"limit":{"cpus":8,"memBytes":1073741824}}';
    const dry = await call('PUT', `${path}?dryRun=true`, limit);
    expect([dry.status, JSON.parse(dry.text)]).toEqual([
      200,
      {
        ...{ role: 'web', guarantee: {}, limit: { cpus: 8, memBytes: 1 << 30 }, consumed: {} },
        effects: { rescindedOffers: 0 },
      },
    ]);
    expect(await call('GET', path)).toMatchObject({ status: 404 });
    const { headers } = await call('PUT', path, limit);
    expect((await call('GET', path)).headers).toMatchObject({ etag: headers['etag'] });
    const changed = await call('PATCH', path, '{"limit":{"cpus":null,"gpus":0}}');
    expect(JSON.parse(changed.text)).toMatchObject({ limit: { memBytes: 1 << 30, gpus: 0 } });
    const stale = await quota.app.inject({
      method: 'DELETE',
      url: path,
      headers: { 'if-match': headers['etag'] as string },
    });
    expect([stale.statusCode, stale.json()]).toMatchObject([412, { code: 'quota.changed' }]);
    expect(JSON.parse((await call('GET', '/v1/quotas')).text)).toMatchObject({ items: [{ role: 'web' }] });
    expect(await call('PUT', path, '{"limit":{"cpus":-1}}')).toMatchObject({ status: 400 });
    expect(await call('PUT', path, '{"limits":{}}')).toMatchObject({ status: 400 });
    expect(await call('DELETE', path)).toMatchObject({ status: 200 });
    expect((await call('GET', '/quota')).text).toBe('{}');
  });

  it('knows over a restart which request a key was for, and who changed what', async () => {
    const put = (weight: number, headers: Record<string, string>) =>
      quota.app.inject({ method: 'PUT', url: '/v1/weights/dev', body: JSON.stringify({ weight }), headers });
    const first = await put(2, { 'idempotency-key': 'k' });
    const stale = String(first.headers.etag);
    await put(3, {});
    await quota.stop();
    quota = await start();
    const again = await put(2, { 'idempotency-key': 'k' });
    expect([again.statusCode, again.body, again.headers['idempotency-replayed']]).toEqual([200, first.body, 'true']);
    expect(JSON.parse((await call('GET', '/v1/weights/dev')).text)).toEqual({ role: 'dev', weight: 3 });
    expect((await put(9, { 'idempotency-key': 'k' })).statusCode).toBe(422);
    const refused = await put(4, { 'if-match': stale });
    expect([refused.statusCode, refused.json()]).toMatchObject([
      412,
      {
        code: 'weight.changed',
        detail: expect.stringMatching(/a caller without credentials changed it at 2.*Z: PUT \/v1\/weights\/dev$/),
      },
    ]);
  });

  it('has each role below /v1, with a tag of what is set for it', async () => {
    const read = async (url: string) => {
      const { statusCode, headers, body } = await quota.app.inject({ method: 'GET', url });
      return { status: statusCode, etag: headers.etag, body: JSON.parse(body) as Record<string, unknown> };
    };
    await call('PUT', '/v1/weights/eng/dev', '{"weight":2.5}');
    const before = await read('/v1/roles/eng/dev');
    expect(before).toMatchObject({ status: 200, etag: expect.stringMatching(/^"\w+"$/), body: { weight: 2.5 } });
    expect(await read('/v1/roles/eng%2Fdev')).toEqual(before);
    expect((await read('/v1/roles')).body).toMatchObject({ items: [{ name: 'eng' }, before.body] });
    await call('PUT', '/v1/weights/eng/dev', '{"weight":3}');
    const after = await read('/v1/roles/eng/dev');
    expect([after.body['weight'], after.etag === before.etag]).toEqual([3, false]);
    expect(await read('/v1/roles/eng/qa')).toMatchObject({
      ...{ status: 404, body: { code: 'role.unknown', instance: '/v1/roles/eng/qa' } },
    });
  });

  it('has weights below /v1', async () => {
    expect(await call('PUT', '/v1/weights/eng/dev', '{"weight":2.5}')).toMatchObject({ status: 200 });
    expect(JSON.parse((await call('GET', '/v1/weights')).text)).toMatchObject({
      items: [{ role: 'eng/dev', weight: 2.5 }],
    });
    expect(JSON.parse((await call('GET', '/v1/weights/eng/dev')).text)).toEqual({ role: 'eng/dev', weight: 2.5 });
    expect(await call('PUT', '/v1/weights/-x', '{"weight":1}')).toMatchObject({ status: 400 });
    expect(await call('PUT', '/v1/weights/x', '{"weight":0}')).toMatchObject({ status: 400 });
    expect(await call('DELETE', '/v1/weights/eng/dev')).toMatchObject({ status: 200 });
    expect(await call('DELETE', '/v1/weights/eng/dev')).toMatchObject({ status: 404 });
  });

  it.each<[MasterCall, OperatorAnswer]>([
    [{ type: 'GET_QUOTA' }, { outcome: 'answered', response: { type: 'GET_QUOTA', get_quota: { status: {} } } }],
    [{ type: 'GET_ROLES' }, { outcome: 'answered', response: { type: 'GET_ROLES', get_roles: { roles: [] } } }],
    [
      { type: 'UPDATE_QUOTA', update_quota: { quota_configs: [{ role: 'a', limits: { cpus: { value: 1 } } }] } },
      { outcome: 'done' },
    ],
    [
      { type: 'UPDATE_QUOTA', update_quota: { quota_configs: [{ role: 'a/b' }] } },
      { outcome: 'bad-request', message: "Updating quota on nested role 'a/b' is not supported yet" },
    ],
    [{ type: 'REMOVE_QUOTA', remove_quota: { role: 'a' } }, { outcome: 'done' }],
    [{ type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: [{ role: 'w', weight: 3 }] } }, { outcome: 'done' }],
    [
      { type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: [{ role: 'w', weight: 0 }] } },
      {
        outcome: 'bad-request',
        message:
          "Failed to validate update weights request JSON for role 'w': Invalid weight '0': Weights must be positive",
      },
    ],
  ])('answers %j that came to the registry', async (operatorCall, answer) => {
    expect(await offers.bus.ask(OperatorCallV1, queueOf('quota'), { call: operatorCall })).toEqual(answer);
  });

  it.each(['/reserve', '/unreserve', '/create-volumes', '/destroy-volumes'])(
    'refuses POST %s that names no agent',
    async (path) => {
      expect(await call('POST', path, '{}')).toMatchObject({ status: 400, text: expect.stringContaining('slaveId') });
    },
  );

  it('refuses other methods for what operators post', async () => {
    expect(await call('GET', '/reserve')).toMatchObject({
      status: 405,
      text: "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
    });
  });

  it('is ready once it knows what is in use', async () => {
    await ready();
  });
});
