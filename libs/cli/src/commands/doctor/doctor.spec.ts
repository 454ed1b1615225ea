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
const METRICS = `tranche_dead_letters_total{service="registry",message="a.v1"} 0
tranche_message_queue_seconds_sum{service="registry",message="a.v1"} 0.5
tranche_message_queue_seconds_count{service="registry",message="a.v1"} 10
`;

beforeEach(async () => {
  rest = new FakeRest();
  cluster = await FakeCluster.start({ handle: rest.handle });
  rest.agents = [agent({ id: 'a1' })];
  rest.answers.set('GET /version', () => ({ body: JSON.stringify({ version: VERSION }) }));
  rest.answers.set('GET /readyz', () => ({ body: '{"ready":true,"dependencies":{"database":true,"broker":true}}' }));
  rest.answers.set('GET /metrics', () => ({ type: 'text/plain', body: METRICS }));
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
    expect((await findings())['broker']).toMatchObject({ state: 'ok', text: 'there' });
    rest.answers.set('GET /readyz', () => ({ body: '{"ready":true,"dependencies":{"database":true}}' }));
    expect((await findings())['broker']).toMatchObject({ state: 'ok', text: 'in process' });
    const away = '{"ready":false,"dependencies":{"database":true,"broker":"connection refused"}}';
    rest.answers.set('GET /readyz', () => ({ body: away }));
    expect((await findings())['broker']).toMatchObject({ state: 'failed', text: 'connection refused' });
  });

  it('names a service that does not answer, an agent that is away, and messages that nobody took', async () => {
    rest.answers.set('GET /v1/shares', () => ({
      status: 503,
      type: 'text/plain',
      body: 'service allocator does not answer',
    }));
    rest.agents = [agent({ id: 'a1' }), agent({ id: 'a2', hostname: 'n2', state: 'unreachable' })];
    rest.answers.set('GET /metrics', () => ({ type: 'text/plain', body: METRICS.replace('"} 0\n', '"} 3\n') }));
    const found = await findings();
    expect(found['service allocator']).toMatchObject({ state: 'failed', text: expect.stringContaining('503') });
    expect(found['service offers']).toMatchObject({ state: 'ok' });
    expect(found['agents']).toMatchObject({ state: 'warning', text: '1 of 2 away: n2 unreachable' });
    expect(found['dead letters']).toMatchObject({ state: 'warning', text: '3 of a.v1' });
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

  it('tells what the registry depends on as it does itself', async () => {
    rest.answers.set('GET /readyz', () => ({
      status: 503,
      body: '{"ready":false,"dependencies":{"broker":"connection refused","database":"usable: no history"}}',
    }));
    expect(await findings()).toMatchObject({
      broker: { state: 'failed', text: 'connection refused' },
      database: { state: 'warning', text: 'usable: no history' },
    });
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
