import { agentOptions } from '@tranche/agent';
import type { LogLineView, Page, QueueView, ServiceView, SettingView } from '@tranche/contracts';
import type { OpenApiDocument } from '@tranche/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMesh } from '../mesh.config.js';
import { LocalCluster } from './local-cluster.js';

describe('the documents of the APIs', () => {
  let cluster: LocalCluster;
  beforeAll(async () => {
    cluster = await LocalCluster.start('--agents', '1', '--containers', 'process');
  });
  afterAll(() => cluster.stop());

  it('cover every public service under the one address', async () => {
    const { openapi, paths, components } = await cluster.get<OpenApiDocument>('/openapi.json');
    expect(openapi).toBe('3.1.0');
    const some = [
      '/v1/agents',
      '/v1/tasks/{id}:kill',
      '/v1/explain',
      '/v1/roles',
      '/api/v1/scheduler',
      '/state',
      '/weights',
    ];
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(some));
    const refs = [...JSON.stringify({ paths, components }).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(refs.filter((name) => components.schemas[name ?? ''] === undefined)).toEqual([]);
  });

  it('are shown by Swagger UI, which needs nothing from elsewhere', async () => {
    const agent = `http://127.0.0.1:${cluster.port + 1}`;
    for (const address of [cluster.url, agent]) {
      const answer = await fetch(`${address}/docs`);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const page = await answer.text();
      const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part = '']) => new URL(part, answer.url));
      expect(parts.map(({ origin }) => origin)).toEqual(parts.map(() => address));
      for (const part of parts) expect((await fetch(part)).status).toBe(200);
    }
    const slash = await fetch(`${cluster.url}/docs/`, { redirect: 'manual' });
    expect([slash.status, slash.headers.get('location')]).toEqual([308, '../docs']);
  });

  it("are the same where the registry's own stands for the sum, as behind an ingress", async () => {
    const sum = await cluster.get<OpenApiDocument>('/openapi.json');
    // Of processes of their own the public address passes this path on.
    const document = await cluster.get<OpenApiDocument>('/master/openapi.json');
    expect(Object.keys(document.paths).toSorted()).toEqual(Object.keys(sum.paths).toSorted());
  });

  it('list the settings of a service with their origin, and no secret', async () => {
    const agent = `http://127.0.0.1:${cluster.port + 1}`;
    const { items } = (await (await fetch(`${agent}/v1/settings`)).json()) as {
      items: { name: string; value: unknown; origin: string }[];
    };
    expect(items.map(({ name }) => name)).toEqual(Object.values(agentOptions).map(({ name }) => name));
    // In one process the program sets its options, a process of its own is told by its environment.
    const [hostnameFrom, brokerFrom] = isMesh ? ['environment', 'environment'] : ['program', 'default'];
    const setting = (wanted: string) => items.find(({ name }) => name === wanted);
    expect(setting('AGENT_HOSTNAME')).toMatchObject({ value: 'agent1', origin: hostnameFrom });
    expect(setting('BROKER_URL')).toMatchObject({ value: '********', origin: brokerFrom });
  });

  it('tell of each service over the public address what it is, lacks, was started with, counts and says', async () => {
    const { items } = await cluster.get<Page<ServiceView>>('/v1/services');
    const active = items.filter(({ role, partitions = [0] }) => role === 'active' && partitions.length === 1);
    expect(active.map(({ id }) => id)).toEqual(expect.arrayContaining(['allocator', 'offers', 'quota', 'registry']));
    expect(items.filter(({ ready }) => !ready)).toEqual([]);
    const quota = await cluster.get<ServiceView>('/v1/services/quota');
    expect(quota).toMatchObject({ service: 'quota', dependencies: { database: true }, host: expect.any(String) });
    const settings = await cluster.get<Page<SettingView>>('/v1/settings?service=quota&limit=1000');
    expect(settings.items).toContainEqual(expect.objectContaining({ name: 'BROKER_URL', value: '********' }));
    const metrics = await fetch(`${cluster.url}/v1/services/offers/metrics`);
    expect([metrics.headers.get('content-type'), await metrics.text()]).toEqual([
      expect.stringContaining('text/plain; version=0.0.4'),
      expect.stringContaining('tranche_offers_outstanding'),
    ]);
    const agents = await cluster.get<Page<ServiceView>>('/v1/services?service=agent');
    expect(agents.items).toMatchObject([{ service: 'agent', ready: true }]);
    const log = await cluster.get<Page<LogLineView>>(`/v1/services/${agents.items[0]?.id}/logs`);
    expect(log.items[0]).toMatchObject({ level: expect.any(String), msg: expect.any(String), fields: {} });
    const queues = await cluster.get<Page<QueueView>>('/v1/queues');
    expect(queues.items).toContainEqual(expect.objectContaining({ name: 'offers', messages: expect.any(Number) }));
    expect((await fetch(`${cluster.url}/v1/services/nobody/metrics`)).status).toBe(404);
  });

  it('describe every route of every service and of an agent', async () => {
    const sum = await cluster.get<OpenApiDocument>('/openapi.json');
    const agent = (await (await fetch(`http://127.0.0.1:${cluster.port + 1}/openapi.json`)).json()) as OpenApiDocument;
    expect([...sum['x-undescribed'], ...agent['x-undescribed']]).toEqual([]);
  });
});
