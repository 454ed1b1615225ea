import 'reflect-metadata';
import { gunzipSync } from 'node:zlib';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { configWith } from '@tranche/config';
import {
  FrameworkUpdatedV1,
  OffersChangedV1,
  type OffersSnapshot,
  OffersSnapshotV1,
  queueOf,
  RegisterAgentV1,
  RegistrySnapshotV1,
  TaskLaunchedV1,
  TaskUpdatedV1,
} from '@tranche/contracts';
import type { RunningService } from '@tranche/http';
import { Handles, InProcessBroker, inProcessHost, MessageBus, type ServiceHost } from '@tranche/messaging';
import { silentLogger } from '@tranche/telemetry';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { registerRequest } from './agents/agents.fakes.js';
import { frameworkRecord, offerRecord, runningStatus, taskRecord } from './model/model.fakes.js';
import { registryOptions } from './registry.config.js';
import { startRegistry } from './start-registry.js';

/** `offers` as far as the registry knows it: it answers for its snapshot. */
@Controller()
class FakeOffers {
  constructor(private readonly bus: MessageBus) {}

  @Handles(OffersSnapshotV1)
  snapshot(): OffersSnapshot {
    return { asOf: this.bus.factNumbers(), frameworks: [], tasks: [], offers: [], held: [] };
  }
}

interface Cluster {
  readonly registry: RunningService;
  readonly offers: ServiceHost;
  readonly agent: ServiceHost;
  get(url: string): Promise<{ status: number; headers: Record<string, unknown>; text: string }>;
  json(url: string): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

async function startCluster(): Promise<Cluster> {
  const broker = new InProcessBroker();
  const host = (service: string): ServiceHost => inProcessHost({ service, broker, logger: silentLogger });
  const offers = host('offers');
  const offersApp = await serveOffers(offers);
  const config = configWith(registryOptions, {
    databaseUrl: 'sqlite::memory:',
    clusterId: 'c',
    clusterName: 'test',
    publicUrl: 'http://127.0.0.1:5050',
  });
  const registry = await startRegistry({ config, host: host('registry') });
  await registry.app.getHttpAdapter().getInstance().ready();
  const agent = host('agent');
  const get: Cluster['get'] = async (url) => {
    const answer = await registry.app.inject(url);
    return { status: answer.statusCode, headers: answer.headers, text: answer.body };
  };
  return {
    registry,
    offers,
    agent,
    get,
    json: async (url) => JSON.parse((await get(url)).text) as Record<string, unknown>,
    async stop(): Promise<void> {
      await registry.stop();
      await offersApp.close();
    },
  };
}

async function serveOffers(host: ServiceHost): Promise<INestMicroservice> {
  @Module({ controllers: [FakeOffers], providers: [{ provide: MessageBus, useValue: host.bus }] })
  class OffersModule {}
  const app = await NestFactory.createMicroservice(OffersModule, {
    strategy: host.strategy(queueOf('offers')),
    logger: false,
  });
  await app.listen();
  return app;
}

describe('the registry', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster();
  });
  afterEach(() => cluster.stop());

  const register = () => cluster.agent.bus.ask(RegisterAgentV1, queueOf('registry'), registerRequest());

  /** It has its snapshot: what is stated from now on it hears as facts. */
  const ready = () =>
    vi.waitFor(async () => {
      const dependencies = { database: true, 'read model': true };
      expect(await cluster.json('/readyz')).toEqual({ ready: true, dependencies });
    });

  it('admits an agent and shows it in /state and /slaves', async () => {
    expect(await register()).toEqual({ ok: true, agentId: 'c-S0', heartbeatIntervalMs: 1_000 });
    expect(await cluster.json('/state')).toMatchObject({
      id: 'c',
      cluster: 'test',
      pid: 'master@127.0.0.1:5050',
      leader_info: { id: 'c', hostname: '127.0.0.1', port: 5050, pid: 'master@127.0.0.1:5050' },
      activated_slaves: 1,
      slaves: [{ id: 'c-S0', pid: 'slave(1)@10.0.0.1:5051', active: true, resources: { cpus: 4 } }],
      frameworks: [],
      orphan_tasks: [],
    });
    expect(await cluster.json('/master/slaves?slave_id=c-S0')).toMatchObject({ slaves: [{ id: 'c-S0' }] });
    expect(await cluster.json('/slaves?slave_id=other')).toEqual({ slaves: [], recovered_slaves: [] });
  });

  it('gives its agents to whoever asks for the snapshot', async () => {
    await register();
    const snapshot = await cluster.offers.bus.ask(RegistrySnapshotV1, queueOf('registry'), {});
    expect(snapshot).toMatchObject({
      asOf: { numbers: { 'agent.registered.v1': 1 } },
      agents: [{ agentId: 'c-S0', state: 'active' }],
    });
  });

  it('shows frameworks, tasks and offers as the facts tell them', async () => {
    await register();
    await ready();
    const { bus } = cluster.offers;
    bus.publish(FrameworkUpdatedV1, [{ framework: frameworkRecord() }]);
    bus.publish(OffersChangedV1, [{ kind: 'made', offer: offerRecord() }]);
    bus.publish(TaskLaunchedV1, [{ task: taskRecord() }]);
    const update = { frameworkId: 'f', taskId: 't', agentId: 'c-S0', completed: false } as const;
    bus.publish(TaskUpdatedV1, [{ ...update, state: 'TASK_RUNNING', status: runningStatus() }]);
    await vi.waitFor(async () => expect((await cluster.get('/state')).text).toContain('TASK_RUNNING'));
    expect(await cluster.json('/state')).toMatchObject({
      slaves: [{ used_resources: { cpus: 1 }, offered_resources: { cpus: 2 } }],
      frameworks: [
        {
          id: 'f',
          used_resources: { cpus: 1 },
          offered_resources: { cpus: 2 },
          resources: { cpus: 3 },
          tasks: [{ id: 't', state: 'TASK_RUNNING', statuses: [{ state: 'TASK_RUNNING' }] }],
          offers: [{ id: 'o' }],
        },
      ],
    });
    expect(await cluster.json('/state-summary')).toMatchObject({
      cluster: 'test',
      slaves: [{ id: 'c-S0', TASK_RUNNING: 1, framework_ids: ['f'] }],
      frameworks: [{ id: 'f', TASK_RUNNING: 1, slave_ids: ['c-S0'] }],
    });
  });

  it('wraps /state in the function that ?jsonp names', async () => {
    const answer = await cluster.get('/state?jsonp=cb');
    expect(answer.headers['content-type']).toBe('text/javascript');
    expect(answer.text).toMatch(/^cb\(\{.*\}\)$/);
  });

  it('compresses a document for a client that takes gzip', async () => {
    const plain = await cluster.get('/state');
    const answer = await cluster.registry.app.inject({ url: '/state', headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(answer.rawPayload).toString()).toBe(plain.text);
  });

  it('tells Prometheus of agents and resources', async () => {
    await register();
    const { text } = await cluster.get('/metrics');
    expect(text).toContain('tranche_agents{state="active",service="registry"} 1');
    expect(text).toContain('tranche_cluster_resources{resource="cpus",unit="cores",kind="idle",service="registry"} 4');
    expect(text).toContain(
      'tranche_cluster_resources{resource="cpus",unit="cores",kind="reserved",service="registry"} 0',
    );
    expect(text).toContain('tranche_agent_drains{state="draining",service="registry"} 0');
    expect(text).toContain('tranche_operator_subscribers{service="registry"} 0');
    expect(text).toContain('tranche_facts_behind{source="offers",service="registry"} 0');
  });

  it('answers /health with nothing, /redirect with the public address and /version with its build', async () => {
    expect(await cluster.get('/health')).toMatchObject({ status: 200, text: '' });
    expect(await cluster.get('/master/redirect')).toMatchObject({
      status: 307,
      headers: { location: '//127.0.0.1:5050' },
      text: '',
    });
    expect(Object.keys(await cluster.json('/version'))).toEqual(['build_date', 'build_time', 'build_user', 'version']);
  });

  it('names its settings as Mesos does', async () => {
    expect(await cluster.json('/flags')).toMatchObject({
      flags: { agent_ping_timeout: '1secs', max_agent_ping_timeouts: '75', cluster: 'test', port: '5050' },
    });
  });

  it('has numbers under the names of Mesos, and refuses a timeout that is none', async () => {
    await register();
    expect((await cluster.get('/metrics/snapshot?timeout=5secs')).text).toContain('"master/slaves_active":1.0,');
    expect(await cluster.get('/metrics/snapshot?timeout=5')).toMatchObject({
      status: 400,
      text: "Invalid timeout '5': Invalid duration '5'.\n",
    });
  });

  it('has load and memory of its machine in /system/stats.json', async () => {
    expect(Object.keys(await cluster.json('/system/stats.json'))).toEqual([
      'avg_load_15min',
      'avg_load_1min',
      'avg_load_5min',
      'cpus_total',
      'mem_free_bytes',
      'mem_total_bytes',
    ]);
  });

  it('has no maintenance at first, takes a schedule, and brings down only machines that are in it', async () => {
    expect(await cluster.json('/maintenance/schedule')).toEqual({});
    expect(await cluster.json('/master/maintenance/status')).toEqual({});
    const post = async (url: string, body: string): Promise<[number, string]> => {
      const answer = await cluster.registry.app.inject({ method: 'POST', url, body });
      return [answer.statusCode, answer.body];
    };
    expect(await post('/maintenance/schedule', '{}')).toEqual([200, '']);
    const [status, text] = await post('/machine/down', '[{"hostname":"m1","ip":"10.9.9.9"}]');
    expect([status, text]).toEqual([400, expect.stringContaining('is not part of a maintenance schedule')]);
  });

  it('serves operator calls, and refuses one that there is not', async () => {
    const call = async (type: string): Promise<[number, string]> => {
      const answer = await cluster.registry.app.inject({
        method: 'POST',
        url: '/master/api/v1/',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ type }),
      });
      return [answer.statusCode, answer.body];
    };
    expect(await call('GET_HEALTH')).toEqual([200, '{"type":"GET_HEALTH","get_health":{"healthy":true}}']);
    expect(await call('GET_MASTER')).toEqual([200, expect.stringContaining('"pid":"master@127.0.0.1:5050"')]);
    expect(await call('GET_STATE')).toEqual([200, expect.stringContaining('"get_agents":{"agents":[')]);
    expect(await call('GET_LOGGING_LEVEL')).toEqual([
      200,
      '{"type":"GET_LOGGING_LEVEL","get_logging_level":{"level":0}}',
    ]);
    expect(await call('NO_SUCH_CALL')).toEqual([
      400,
      "Failed to validate master::Call: Expecting 'type' to be present",
    ]);
    expect(await cluster.get('/api/v1')).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  it('lists agents below /v1 with what is in use', async () => {
    await register();
    const { items, next } = (await cluster.json('/v1/agents?limit=1&state=active')) as {
      items: unknown[];
      next?: string;
    };
    expect(next).toBeUndefined();
    expect(items).toMatchObject([
      { id: 'c-S0', state: 'active', address: '10.0.0.1:5051', total: { cpus: 4, memBytes: 0 }, used: { cpus: 0 } },
    ]);
    expect(await cluster.json('/v1/agents/c-S0')).toEqual(items[0]);
    expect(await cluster.json('/v1/agents/nosuch')).toMatchObject({ status: 404, code: 'agent.unknown' });
    expect(await cluster.json('/v1/agents?state=x')).toMatchObject({ status: 400, errors: [{ path: 'state' }] });
  });

  it('tells what tasks hold beyond a total that was lowered under them', async () => {
    await register();
    await ready();
    cluster.offers.bus.publish(FrameworkUpdatedV1, [{ framework: frameworkRecord() }]);
    cluster.offers.bus.publish(TaskLaunchedV1, [{ task: taskRecord() }]);
    await vi.waitFor(async () => expect(await cluster.json('/v1/agents/c-S0')).toMatchObject({ used: { cpus: 1 } }));
    expect(await cluster.json('/v1/agents/c-S0')).not.toHaveProperty('pending');
    const resources = [{ name: 'cpus', type: 'SCALAR' as const, scalar: { value: 0.25 } }];
    const request = { ...registerRequest(), agentId: 'c-S0', resources };
    await cluster.agent.bus.ask(RegisterAgentV1, queueOf('registry'), request);
    const lowered = { total: { cpus: 0.25 }, used: { cpus: 1 }, pending: { cpus: 0.75, memBytes: 0, ports: [] } };
    await vi.waitFor(async () => expect(await cluster.json('/v1/agents/c-S0')).toMatchObject(lowered));
  });

  it('sends requests for other services to the public address', async () => {
    expect(await cluster.get('/master/frameworks?x=1')).toMatchObject({
      status: 307,
      headers: { location: '//127.0.0.1:5050/master/frameworks?x=1' },
    });
  });

  it('is ready once it has its database and the snapshot of offers', async () => {
    await ready();
  });
});
