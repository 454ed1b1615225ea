import { agentOptions } from '@tranche/agent';
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

  it('show a page that needs nothing from elsewhere', async () => {
    const answer = await fetch(`${cluster.url}/docs`);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await answer.text()).not.toMatch(/(src|href)="https?:/);
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

  it('describe every route of every service and of an agent', async () => {
    const sum = await cluster.get<OpenApiDocument>('/openapi.json');
    const agent = (await (await fetch(`http://127.0.0.1:${cluster.port + 1}/openapi.json`)).json()) as OpenApiDocument;
    expect([...sum['x-undescribed'], ...agent['x-undescribed']]).toEqual([]);
  });
});
