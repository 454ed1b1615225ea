import { FakeCluster } from '@tranche/scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agent, type CliResult, FakeRest, runInFakeWorld } from '../../cli.fakes.js';
import { VERSION } from '../../version.js';
import type { Finding } from './finding.js';
import { sumByLabel } from './read-metrics.js';

let cluster: FakeCluster;
let rest: FakeRest;
const run = (...args: string[]): Promise<CliResult> => runInFakeWorld(['-u', cluster.url, 'doctor', ...args]);
const findings = async (): Promise<Record<string, Finding>> => {
  const { items } = JSON.parse((await run('--json')).stdout) as { items: Finding[] };
  return Object.fromEntries(items.map((one) => [one.check, one]));
};
const empty = () => ({ body: '{"items":[],"asOf":1}' });
const caller = (view: object) => ({ body: JSON.stringify({ service: 'registry', ...view }) });
const service = (id: string, more: object = {}) => ({
  ...{ id, service: id.split(/[.-]/)[0], version: VERSION, role: 'active', ready: true },
  ...{ dependencies: { database: true, broker: true } },
  ...more,
});
const page = (items: readonly object[]) => ({ body: JSON.stringify({ items, asOf: 0 }) });
const services = (...others: readonly object[]) => {
  const ids = new Set(others.map((one) => (one as { id: string }).id));
  const rest = ['allocator', 'offers', 'quota', 'registry'].filter((id) => !ids.has(id));
  return page([...rest.map((id) => service(id)), ...others]);
};
const METRICS = `tranche_dead_letters_total{service="registry",message="a.v1"} 0
tranche_message_queue_seconds_sum{service="registry",message="a.v1"} 0.5
tranche_message_queue_seconds_count{service="registry",message="a.v1"} 10
`;

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.agents = [agent({ id: 'a1' })];
  rest.answers.set('GET /version', () => ({ body: JSON.stringify({ version: VERSION }) }));
  rest.answers.set('GET /v1/services', () => services());
  for (const id of ['allocator', 'offers', 'quota', 'registry'])
    rest.answers.set(`GET /v1/services/${id}/metrics`, () => ({ type: 'text/plain', body: METRICS }));
  rest.answers.set('GET /v1/queues', () => page([{ name: 'offers', messages: 2, consumers: 1 }]));
  rest.answers.set('GET /v1/whoami', () => caller({ authentication: 'none', may: ['read', 'write', 'frameworks'] }));
  rest.answers.set('GET /v1/shares', empty);
  rest.answers.set('GET /v1/weights', empty);
  rest.answers.set('GET /v1/agents/a1/containers', () => ({ body: '[]' }));
});
afterEach(() => cluster.stop());

describe('tranche doctor', () => {
  it('finds all well', async () => {
    const { stdout, exitCode } = await run();
    expect(stdout).toMatch(/^✔ this machine {7}Node v22\.22\.0; no context is used\n✔ address/);
    // The clock of these tests stands still: the fake cluster's is another.
    const wrong = stdout.split('\n').filter((line) => !line.startsWith('✔') && line !== '');
    expect(wrong.every((line) => line.startsWith('▲ clocks') || line.includes('NTP'))).toBe(true);
    expect(exitCode).toBe(0);
  });

  it('knows a broker within the process, and one that can be away', async () => {
    expect((await findings())['broker']).toMatchObject({ state: 'ok', text: expect.stringMatching(/^there, for all/) });
    const alone = { dependencies: { database: true } };
    const inProcess = ['allocator', 'offers', 'quota', 'registry'].map((id) => service(id, alone));
    rest.answers.set('GET /v1/services', () => services(...inProcess));
    expect((await findings())['broker']).toMatchObject({ state: 'ok', text: 'in process' });
  });

  it('sees a broken database of any service, and what one goes on without', async () => {
    rest.answers.set('GET /v1/services', () =>
      services(
        service('quota', { ready: false, dependencies: { broker: true, database: 'connection refused' } }),
        service('offers', { dependencies: { broker: true, registry: 'usable: silent' } }),
      ),
    );
    expect(await findings()).toMatchObject({
      database: { state: 'failed', text: 'quota: connection refused' },
      registry: { state: 'warning', text: 'offers: usable: silent' },
      'service quota': { state: 'failed', text: 'quota: database: connection refused' },
      'service offers': { state: 'warning', text: 'offers: registry: usable: silent' },
      'service registry': { state: 'ok', text: expect.stringMatching(/^answers in \d+ ms; has database, broker$/) },
    });
  });

  it('tells replicas that wait from those that do not answer', async () => {
    const missing = { ready: false, role: undefined, dependencies: {}, missing: 'does not answer: no queue' };
    rest.answers.set('GET /v1/services', () =>
      services(
        service('quota-1f6c', { role: 'standby' }),
        service('offers-2a', missing),
        service('allocator', missing),
      ),
    );
    expect(await findings()).toMatchObject({
      'service quota': { state: 'ok', text: expect.stringMatching(/; 1 more waits$/) },
      'service offers': { state: 'warning', text: 'offers-2a does not answer: no queue' },
      'service allocator': { state: 'failed', text: 'allocator does not answer: no queue' },
    });
  });

  it('names dead letters of any service, and queues that nobody empties', async () => {
    rest.answers.set('GET /v1/services/quota/metrics', () => ({
      type: 'text/plain',
      body: METRICS.replace('"} 0\n', '"} 3\n').replace('"} 0.5', '"} 50'),
    }));
    const queues = [
      { name: 'dead-letters', messages: 4, consumers: 0 },
      { name: 'allocator', messages: 12, consumers: 0 },
      { name: 'offers', messages: 5_000, consumers: 2 },
    ];
    rest.answers.set('GET /v1/queues', () => page(queues));
    expect(await findings()).toMatchObject({
      'dead letters': { state: 'warning', text: '3 of a.v1 at quota, 4 kept by the broker' },
      waits: { state: 'warning', text: 'a.v1 waits 5.0 s on average before quota takes it' },
      queues: {
        state: 'warning',
        text: 'allocator has 12 messages and nobody who takes them; offers has 5000 messages',
      },
    });
    rest.answers.set('GET /v1/queues', () => page([{ name: 'offers', messages: 2, consumers: 1 }]));
    expect((await findings())['queues']).toMatchObject({ state: 'ok', text: '1 queues, 2 wait in offers' });
  });

  it('names a service that does not answer, and an agent that is away', async () => {
    rest.answers.set('GET /v1/shares', () => ({
      status: 503,
      type: 'text/plain',
      body: 'service allocator does not answer',
    }));
    rest.agents = [agent({ id: 'a1' }), agent({ id: 'a2', hostname: 'n2', state: 'unreachable' })];
    const found = await findings();
    expect(found['service allocator']).toMatchObject({ state: 'failed', text: expect.stringContaining('503') });
    expect(found['service offers']).toMatchObject({ state: 'ok' });
    expect(found['agents']).toMatchObject({ state: 'warning', text: '1 of 2 away: n2 unreachable' });
    expect((await run()).exitCode).toBe(1);
  });

  it('tells whom the cluster takes it for, and when that does not allow to change anything', async () => {
    rest.answers.set('GET /v1/whoami', () =>
      caller({ principal: 'ops', authentication: 'basic', may: ['read', 'write', 'frameworks'] }),
    );
    expect((await findings())['credentials']).toMatchObject({
      state: 'ok',
      text: 'ops, by basic: may read, write, frameworks',
    });
    const permissions = [
      { action: 'update_quotas', objects: 'roles', may: 'some', only: ['eng'] },
      { action: 'view_roles', objects: 'roles', may: 'all' },
    ];
    rest.answers.set('GET /v1/whoami', () => caller({ authentication: 'none', may: ['write'], permissions }));
    expect((await findings())['credentials']?.text).toBe(
      'none are shown: may write; 1 actions are not for all there is: tranche config whoami',
    );
    rest.answers.set('GET /v1/whoami', () => caller({ authentication: 'none', may: ['read'] }));
    expect((await findings())['credentials']).toMatchObject({ state: 'warning', text: 'none are shown: may read' });
  });

  it('asks for nothing more when nobody is at the address', async () => {
    const { exitCode, stdout } = await runInFakeWorld(['-u', 'http://127.0.0.1:1', 'doctor']);
    expect([exitCode, stdout]).toEqual([5, expect.stringContaining('✘ address')]);
    expect(stdout).not.toContain('service');
  });
});

describe('sumByLabel', () => {
  it('adds the samples of one metric', () => {
    const text = 'm{a="x",b="1"} 2\nm{a="x",b="2"} 3\nm{a="y"} 1\nm_sum{a="x"} 9\n# m{a="x"} 7\n';
    expect([...sumByLabel(text, 'm', 'a')]).toEqual([
      ['x', 5],
      ['y', 1],
    ]);
  });
});
