import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

interface Told {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
}

/** A stream of server-sent events, read by hand. */
class Sse {
  readonly events: Told[] = [];
  private rest = '';
  private readonly call;

  constructor(url: string, lastEventId?: string) {
    const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    this.call = request(url, { headers: { accept: 'text/event-stream', ...resume } }, (answer) => {
      answer.on('data', (chunk: Buffer) => this.take(chunk.toString()));
      answer.on('error', () => undefined);
    });
    this.call.on('error', () => undefined);
    this.call.end();
  }

  /** The event that fits, once it is there. */
  async until(fits: (told: Told) => boolean): Promise<Told> {
    await expect.poll(() => this.events.some(fits), { timeout: 15_000 }).toBe(true);
    return this.events.find(fits) as Told;
  }

  close(): void {
    this.call.destroy();
  }

  private take(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));
      const data = fields.get('data');
      if (data === undefined) continue;
      const event = fields.get('event') ?? '';
      this.events.push({ event, id: fields.get('id'), data: JSON.parse(data) as Told['data'] });
    }
  }
}

const isReady = ({ event }: Told): boolean => event === 'ready';

describe('the REST API', () => {
  let cluster: LocalCluster;
  beforeAll(async () => {
    cluster = await LocalCluster.start(
      ...['--agents', '2', '--containers', 'process', '--resources', 'cpus:4;mem:1024;disk:1024'],
    );
  });
  afterAll(() => cluster?.stop());

  const send = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(cluster.url + path, { method, ...sent, headers });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
  };

  it('streams what is there, then what happens, and goes on where a client was', async () => {
    const first = new Sse(`${cluster.url}/v1/events`);
    const { id: seen } = await first.until(isReady);
    const agents = first.events.filter(({ event, data }) => event === 'snapshot' && data['type'] === 'AGENT_ADDED');
    expect(agents.map(({ data }) => String(data['hostname'])).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'agent1',
      'agent2',
    ]);
    await cluster.tranche('run', '--name', 'told', '--', 'true');
    const isEnd = ({ event, data }: Told) => event === 'TASK_UPDATED' && data['state'] === 'TASK_FINISHED';
    await first.until(isEnd);
    first.close();
    const again = new Sse(`${cluster.url}/v1/events?type=TASK_*`, seen);
    await again.until(isReady);
    const missed = again.events
      .filter(({ event }) => event !== 'ready')
      .map(({ event, data }) => [event, data['state']]);
    expect(missed[0]?.[0]).toBe('TASK_ADDED');
    expect(missed.at(-1)).toEqual(['TASK_UPDATED', 'TASK_FINISHED']);
    expect(again.events.filter(({ event }) => event === 'snapshot' || event === 'reset')).toEqual([]);
    again.close();
    const lost = new Sse(`${cluster.url}/v1/events`, 'registry-00000000:3');
    await lost.until(isReady);
    expect(lost.events.map(({ event }) => event).slice(0, 2)).toEqual(['reset', 'snapshot']);
    lost.close();
  });

  it('lists what has happened of late, by type, object and time', async () => {
    const { items } = await cluster.get<{ items: { type: string; taskName?: string; at: string }[] }>(
      '/v1/events?type=task_*&taskId=told',
    );
    expect(items.length).toBeGreaterThanOrEqual(3);
    expect(new Set(items.map(({ taskName }) => taskName))).toEqual(new Set(['told']));
    expect(await cluster.get('/v1/events?since=2100-01-01T00:00:00Z')).toMatchObject({ items: [] });
    expect(await send('GET', '/v1/events?since=yesterday')).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'since', value: 'yesterday' }] },
    });
  });

  it('streams any list: its items, then what changes in it', async () => {
    const weights = new Sse(`${cluster.url}/v1/weights`);
    const { id: seen } = await weights.until(isReady);
    expect(weights.events).toHaveLength(1);
    const unchanged = new Sse(`${cluster.url}/v1/weights`, seen);
    await unchanged.until(isReady);
    expect(unchanged.events.map(({ event }) => event)).toEqual(['ready']);
    unchanged.close();
    await send('PUT', '/v1/weights/a', { weight: 2 });
    expect((await weights.until(({ event }) => event === 'changed')).data).toEqual({ role: 'a', weight: 2 });
    await send('DELETE', '/v1/weights/a');
    expect((await weights.until(({ event }) => event === 'removed')).data).toEqual({ role: 'a', weight: 2 });
    weights.close();
    const behind = new Sse(`${cluster.url}/v1/weights`, seen);
    await behind.until(isReady);
    expect(behind.events.map(({ event }) => event)).toEqual(['reset', 'ready']);
    behind.close();
  });

  it('lists the containers of an agent, of the agent itself and through the registry', async () => {
    const run = cluster.cli('run', '--name', 'contained', '--cpus', '0.1', '--mem', '32m', '--', 'sleep 600');
    await run.until(/running/);
    const { items: tasks } = await cluster.get<{ items: { id: string; name: string; agentId: string }[] }>('/v1/tasks');
    const task = tasks.find(({ name }) => name === 'contained');
    const path = `/v1/agents/${task?.agentId}/containers`;
    const { items } = await cluster.get<{ items: { id: string }[] }>(path);
    expect(items).toEqual([
      expect.objectContaining({
        ...{ id: expect.any(String), taskId: task?.id, frameworkId: expect.any(String), pid: expect.any(Number) },
        usage: expect.objectContaining({ measuredAt: expect.stringMatching(/Z$/), processes: expect.any(Number) }),
      }),
    ]);
    const id = items[0]?.id;
    expect(await cluster.get(`${path}/${id}`)).toMatchObject({ id, taskId: task?.id });
    expect(await cluster.get(`${path}?frameworkId=nobody&count=true`)).toMatchObject({ items: [], total: 0 });
    expect((await fetch(`${cluster.url}${path}/nobody`)).status).toBe(404);
    expect(await send('GET', `${path}/nobody`)).toMatchObject({ status: 404, body: { code: 'container.unknown' } });
    await cluster.tranche('kill', 'contained', '--yes');
  });

  describe('every list, of every service', () => {
    interface Parameter {
      readonly name: string;
      readonly in: string;
      readonly schema: { readonly enum?: readonly string[] };
    }
    interface Listed {
      readonly url: string;
      readonly sorts: readonly string[];
      readonly filters: readonly string[];
    }
    const listsAt = async (address: string): Promise<Listed[]> => {
      const document = (await (await fetch(`${address}/openapi.json`)).json()) as {
        paths: Record<string, { get?: { parameters?: Parameter[] } }>;
      };
      const { items } = await cluster.get<{ items: { id: string }[] }>('/v1/frameworks');
      const agents = await cluster.get<{ items: { id: string }[] }>('/v1/agents');
      const services = await cluster.get<{ items: { id: string }[] }>('/v1/services');
      const idIn = (path: string): string =>
        (path.startsWith('/v1/services/') ? services : { items }).items[0]?.id ?? '';
      return Object.entries(document.paths).flatMap(([path, { get }]) => {
        const sort = get?.parameters?.find(({ name }) => name === 'sort');
        const url = address + path.replace('{id}', idIn(path)).replace('{agentId}', agents.items[0]?.id ?? '');
        const names = get?.parameters?.filter((one) => one.in === 'query').map(({ name }) => name) ?? [];
        const filters = names.filter((name) => !['limit', 'after', 'sort', 'fields', 'count'].includes(name));
        return sort === undefined ? [] : [{ url, sorts: sort.schema.enum ?? [], filters }];
      });
    };
    const all = async (): Promise<Listed[]> => {
      const lists = [...(await listsAt(cluster.url)), ...(await listsAt(`http://127.0.0.1:${cluster.port + 1}`))];
      expect(lists.length).toBeGreaterThanOrEqual(18);
      return lists;
    };
    interface Answer {
      readonly items: readonly Record<string, unknown>[];
      readonly next?: string;
      readonly total?: number;
    }
    const ask = async (url: string, query: Record<string, string>) => {
      const answer = await fetch(`${url}?${new URLSearchParams(query).toString()}`);
      return { status: answer.status, body: (await answer.json()) as Answer };
    };

    it('is counted, and sorted by each member that it says, page by page, both ways', async () => {
      for (const { url, sorts } of await all()) {
        for (const sort of sorts) {
          const { status, body } = await ask(url, { sort, limit: '1', count: 'true' });
          expect([url, sort, status, typeof body.total]).toEqual([url, sort, 200, 'number']);
          if (body.next === undefined) continue;
          const second = await ask(url, { sort, limit: '1', after: body.next });
          expect([url, sort, second.status, second.body.items.length]).toEqual([url, sort, 200, 1]);
          expect(second.body.items).not.toEqual(body.items);
          const value = (item: Record<string, unknown> | undefined): unknown =>
            sort
              .replace('-', '')
              .split('.')
              .reduce<unknown>((of, name) => (of as Record<string, unknown>)?.[name], item);
          const [one, other] = [value(body.items[0]), value(second.body.items[0])];
          if (typeof one !== typeof other || one === undefined) continue;
          const [low, high] = sort.startsWith('-') ? [other, one] : [one, other];
          expect([url, sort, (low as string) <= (high as string)]).toEqual([url, sort, true]);
        }
      }
    });

    it('has filters, and by each that is called as a member shows those with one of the values', async () => {
      const tried = new Set<string>();
      for (const { url, filters } of await all()) {
        expect([url, filters.length]).not.toEqual([url, 0]);
        const { items } = (await ask(url, {})).body;
        for (const filter of filters) {
          const value = items[0]?.[filter];
          if (typeof value !== 'string') continue;
          tried.add(filter);
          const { status, body } = await ask(url, { [filter]: value, limit: '1000' });
          expect([url, filter, status, body.items.length > 0]).toEqual([url, filter, 200, true]);
          expect([...new Set(body.items.map((item) => item[filter]))]).toEqual([value]);
        }
      }
      expect([...tried]).toEqual(expect.arrayContaining(['id', 'name', 'role', 'state', 'hostname', 'user', 'origin']));
    });

    it('shows what is asked for, and names its members to who asks for another', async () => {
      for (const { url } of await all()) {
        const wrong = await fetch(`${url}?fields=nonsense`);
        const { errors } = (await wrong.json()) as { errors: { path: string; message: string }[] };
        expect([url, wrong.status, errors[0]?.path]).toEqual([url, 400, 'fields']);
        const field = /known are (\w+)/.exec(errors[0]?.message ?? '')?.[1] ?? '';
        const { body } = await ask(url, { fields: field });
        for (const item of body.items)
          expect([url, Object.keys(item).filter((name) => name !== field)]).toEqual([url, []]);
        expect((await ask(url, { sort: 'nonsense' })).status).toBe(400);
      }
    });

    it('streams: what is on its page, then that this was all; and goes on from there', async () => {
      for (const { url } of await all()) {
        const stream = new Sse(`${url}?limit=2`);
        const { id } = await stream.until(isReady);
        stream.close();
        const told = new Set(stream.events.map(({ event }) => event));
        expect([url, [...told].filter((event) => !['snapshot', 'ready'].includes(event))]).toEqual([url, []]);
        const again = new Sse(`${url}?limit=2`, id);
        await again.until(isReady);
        again.close();
        // Nothing has changed, or all is told anew.
        const isAnew = again.events.some(({ event }) => event === 'reset');
        const snapshots = again.events.filter(({ event }) => event === 'snapshot').length;
        expect([url, isAnew || snapshots === 0]).toEqual([url, true]);
      }
    });
  });

  it('gives every single resource a tag, and holds changes against it', async () => {
    await send('PUT', '/v1/weights/tagged', { weight: 2 });
    await send('PUT', '/v1/quotas/tagged', { limit: { cpus: 1 } });
    const first = async (path: string): Promise<string> =>
      (await cluster.get<{ items: { id: string }[] }>(`${path}?limit=1`)).items[0]?.id ?? '';
    await cluster.tranche('run', '--name', 'tagged', '--', 'true');
    const paths = [
      ...['/v1/weights/tagged', '/v1/quotas/tagged', '/v1/roles/tagged', '/v1/maintenance'],
      ...(await Promise.all(
        ['agents', 'frameworks', 'tasks'].map(async (name) => `/v1/${name}/${await first(`/v1/${name}`)}`),
      )),
    ];
    for (const path of paths) {
      const { status, headers } = await send('GET', path);
      expect([path, status, headers.get('etag')]).toEqual([path, 200, expect.stringMatching(/^".+"$/)]);
    }
    const agent = paths.find((path) => path.startsWith('/v1/agents')) ?? '';
    const before = (await send('GET', agent)).headers.get('etag') ?? '';
    const off = await send('POST', `${agent}:deactivate`, {}, { 'if-match': before });
    expect([off.status, off.headers.get('etag')]).toEqual([200, (await send('GET', agent)).headers.get('etag')]);
    expect(await send('POST', `${agent}:activate`, {}, { 'if-match': before })).toMatchObject({
      status: 412,
      body: {
        code: 'agent.changed',
        detail: expect.stringMatching(/a caller without credentials changed it at .*Z: POST .*:deactivate$/),
      },
    });
    expect((await send('POST', `${agent}:activate`, {}, { 'if-match': off.headers.get('etag') ?? '' })).status).toBe(
      200,
    );
    await send('DELETE', '/v1/weights/tagged');
    await send('DELETE', '/v1/quotas/tagged');
  });

  it('does nothing twice under one Idempotency-Key', async () => {
    const { items } = await cluster.get<{ items: { id: string }[] }>('/v1/agents');
    const body = { agentId: items[0]?.id, role: 'twice', resources: { cpus: 1 } };
    const key = { 'idempotency-key': 'reserve-1' };
    const first = await send('POST', '/v1/reservations', body, key);
    const second = await send('POST', '/v1/reservations', body, key);
    expect([first.status, second.status, second.body]).toEqual([202, 202, first.body]);
    expect([second.headers.get('location'), second.headers.get('idempotency-replayed')]).toEqual([
      first.headers.get('location'),
      'true',
    ]);
    expect(await send('POST', '/v1/reservations', { ...body, role: 'other' }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency.key_reused' },
    });
    await expect
      .poll(async () => (await cluster.get<{ items: object[] }>('/v1/reservations')).items)
      .toMatchObject([{ role: 'twice', resources: { cpus: 1 } }]);
  });

  it('plans maintenance, of which it says what it would mean, and only on the schedule that the client knows', async () => {
    const machine = { hostname: 'agent2', ip: '127.0.0.1' };
    const plan = { machines: [machine], start: '2100-01-01T00:00:00.000Z', durationMs: 3_600_000 };
    expect(await send('POST', '/v1/maintenance?dryRun', plan)).toMatchObject({
      status: 200,
      body: { machines: [machine] },
    });
    const before = await fetch(`${cluster.url}/v1/maintenance`);
    expect(await before.json()).toMatchObject({ items: [] });
    const { body } = await send('POST', '/v1/maintenance', plan, { 'if-match': before.headers.get('etag') ?? '' });
    expect(await send('POST', '/v1/maintenance', plan, { 'if-match': before.headers.get('etag') ?? '' })).toMatchObject(
      {
        status: 412,
        body: { code: 'maintenance.changed' },
      },
    );
    expect(await send('POST', '/v1/maintenance', plan)).toMatchObject({
      status: 409,
      body: { code: 'maintenance.conflict' },
    });
    const id = String(body['id']);
    expect(await cluster.get('/v1/maintenance')).toMatchObject({
      items: [{ id, machine, state: 'draining', start: plan.start, durationMs: 3_600_000, accepted: 0, declined: 0 }],
    });
    expect(await send('GET', `/v1/maintenance/${id}`)).toMatchObject({
      status: 200,
      body: { id, machines: [machine] },
    });
    expect(await cluster.get('/maintenance/status')).toMatchObject({ draining_machines: [{ id: machine }] });
    expect(await send('POST', `/v1/maintenance/${id}:start?dryRun=true`, {})).toMatchObject({ status: 200 });
    expect(await send('POST', `/v1/maintenance/${id}:stop`, {})).toMatchObject({ status: 409 });
    expect(await send('DELETE', `/v1/maintenance/${id}`)).toMatchObject({ status: 200, body: { id } });
    expect(await send('DELETE', `/v1/maintenance/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'maintenance.unknown' },
    });
  });
});
