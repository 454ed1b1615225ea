import { readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { decodeBody, encodeBody, type MasterCall, messageTypes, type Offer, type Resource } from '@tranche/mesos-api';
import { Scheduler } from '@tranche/scheduler';
import { Resources } from '@tranche/resources';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

const JSON_TYPE = 'application/json';
const PROTOBUF = 'application/x-protobuf';

const scalar = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value } });
const reserved = (resource: Resource, role = 'ops'): Resource => ({
  ...resource,
  reservations: [{ type: 'DYNAMIC', role, principal: 'me' }],
});
const volume = (value: number, id = 'data'): Resource => ({
  ...reserved(scalar('disk', value)),
  disk: { persistence: { id, principal: 'me' }, volume: { container_path: 'data', mode: 'RW' } },
});

/** A framework that keeps every offer it gets. */
class Holder {
  readonly offers = new Map<string, Offer>();
  readonly rescinded: string[] = [];
  private readonly scheduler: Scheduler;
  private readonly running: Promise<void>;

  constructor(url: string, role: string) {
    const capabilities = [{ type: 'MULTI_ROLE' as const }, { type: 'RESERVATION_REFINEMENT' as const }];
    this.scheduler = new Scheduler({ url, framework: { user: 'root', name: role, roles: [role], capabilities } });
    this.running = this.run();
  }

  /** All that it holds, in canonical text. */
  get text(): string {
    const all = [...this.offers.values()].flatMap(({ resources = [] }) => resources);
    return Resources.fromJson(all).withoutAllocationRole().toText();
  }

  async end(): Promise<void> {
    await this.scheduler.teardown();
    await this.running;
  }

  private async run(): Promise<void> {
    for await (const event of this.scheduler) {
      if (event.type === 'offers') for (const offer of event.offers) this.offers.set(offer.id.value, offer);
      if (event.type === 'rescind' && this.offers.delete(event.offerId)) this.rescinded.push(event.offerId);
    }
  }
}

describe('operations of operators', () => {
  let cluster: LocalCluster;
  let agentId: string;
  const post = async (path: string, body: string | Uint8Array<ArrayBuffer>, type: string) => {
    const headers = { 'content-type': type, accept: type === PROTOBUF ? PROTOBUF : JSON_TYPE };
    const answer = await fetch(cluster.url + path, { method: 'POST', body, headers });
    return { status: answer.status, text: await answer.text() };
  };
  const call = (body: MasterCall, type: typeof JSON_TYPE | typeof PROTOBUF = JSON_TYPE) =>
    post('/api/v1', new Uint8Array(encodeBody(messageTypes.MasterCall, type, body)), type);
  const form = (path: string, fields: Record<string, unknown>) =>
    post(
      path,
      new URLSearchParams(
        Object.entries(fields).map(([name, value]) => [
          name,
          typeof value === 'string' ? value : JSON.stringify(value),
        ]),
      ).toString(),
      'application/x-www-form-urlencoded',
    );
  const ON = () => ({ agent_id: { value: agentId } });
  const reserve = (...resources: Resource[]) =>
    call({ type: 'RESERVE_RESOURCES', reserve_resources: { ...ON(), resources } });
  const unreserve = (...resources: Resource[]) =>
    call({ type: 'UNRESERVE_RESOURCES', unreserve_resources: { ...ON(), resources } });
  /** What the agent has, by what `GET_AGENTS` says. */
  const total = async (): Promise<string> => {
    const { text } = await call({ type: 'GET_AGENTS' });
    const decoded = decodeBody(messageTypes.MasterResponse, JSON_TYPE, Buffer.from(text));
    if (!decoded.ok) throw new Error(decoded.error);
    const agent = decoded.value.get_agents?.agents?.find(({ agent_info }) => agent_info.id?.value === agentId);
    // Each resource has its reservations in both formats.
    const resources = (agent?.total_resources ?? []).map(({ role: _role, reservation: _old, ...resource }) => resource);
    return Resources.fromJson(resources).toText();
  };

  beforeAll(async () => {
    cluster = await LocalCluster.start('--agents', '1', '--resources', 'cpus:4;mem:1024;disk:1024');
    const { slaves } = await cluster.get<{ slaves: { id: string }[] }>('/slaves');
    agentId = slaves[0]?.id ?? '';
  });
  afterAll(() => cluster?.stop());

  it.each([JSON_TYPE, PROTOBUF] as const)('reserve, unreserve and make volumes by %s', async (type) => {
    const done = { status: 202, text: '' };
    const resources = [reserved(scalar('disk', 100))];
    expect(await call({ type: 'RESERVE_RESOURCES', reserve_resources: { ...ON(), resources } }, type)).toEqual(done);
    expect(await total()).toContain('disk(ops):100');
    expect(await call({ type: 'CREATE_VOLUMES', create_volumes: { ...ON(), volumes: [volume(60)] } }, type)).toEqual(
      done,
    );
    const grow = { ...ON(), volume: volume(60), addition: reserved(scalar('disk', 10)) };
    expect(await call({ type: 'GROW_VOLUME', grow_volume: grow }, type)).toEqual(done);
    expect(await total()).toContain('disk(ops):30; disk(ops)[data]:70');
    const shrink = { ...ON(), volume: volume(70), subtract: { value: 20 } };
    expect(await call({ type: 'SHRINK_VOLUME', shrink_volume: shrink }, type)).toEqual(done);
    expect(await total()).toContain('disk(ops):50; disk(ops)[data]:50');
    expect(await call({ type: 'DESTROY_VOLUMES', destroy_volumes: { ...ON(), volumes: [volume(50)] } }, type)).toEqual(
      done,
    );
    expect(await call({ type: 'UNRESERVE_RESOURCES', unreserve_resources: { ...ON(), resources } }, type)).toEqual(
      done,
    );
    expect(await total()).not.toContain('ops');
  });

  it('do the same by forms', async () => {
    const resources = [reserved(scalar('disk', 100))];
    expect(await form('/reserve', { slaveId: agentId, resources })).toEqual({ status: 202, text: '' });
    expect(await form('/master/create-volumes', { slaveId: agentId, volumes: [volume(60)] })).toMatchObject({
      status: 202,
    });
    expect(await total()).toContain('disk(ops):40; disk(ops)[data]:60');
    expect(await form('/destroy-volumes', { slaveId: agentId, volumes: [volume(60)] })).toMatchObject({ status: 202 });
    expect(await form('/unreserve', { slaveId: agentId, resources })).toMatchObject({ status: 202 });
    expect(await total()).not.toContain('ops');
  });

  it('take back offers that hold what they need, and what they make is offered to their role alone', async () => {
    const other = new Holder(cluster.url, 'other');
    await expect.poll(() => other.text).toContain('cpus:4');
    expect(await reserve(reserved(scalar('cpus', 1)), reserved(scalar('mem', 100)))).toEqual({ status: 202, text: '' });
    expect(other.rescinded).toHaveLength(1);
    const owner = new Holder(cluster.url, 'ops');
    await expect.poll(() => owner.text).toContain('cpus(ops):1');
    // It takes what is not reserved as well, since the other does not get it for a while.
    await owner.end();
    await expect.poll(() => other.text, { timeout: 20_000 }).toContain('cpus:3');
    expect(other.text).not.toContain('ops');
    const state = await cluster.get<{ slaves: { reserved_resources: object }[] }>('/state');
    expect(state.slaves[0]?.reserved_resources).toMatchObject({ ops: { cpus: 1, mem: 100 } });
    const roles = await cluster.get<{ roles: { name: string; reserved: object }[] }>('/roles');
    expect(roles.roles.find(({ name }) => name === 'ops')?.reserved).toEqual({ cpus: 1, mem: 100 });
    await other.end();
  });

  it('survive a kill of everything, and so does what is in volumes', async () => {
    expect(await reserve(reserved(scalar('disk', 100)))).toMatchObject({ status: 202 });
    const volumes = [volume(100)];
    expect(await call({ type: 'CREATE_VOLUMES', create_volumes: { ...ON(), volumes } })).toMatchObject({ status: 202 });
    const directory = execFileSync('find', [cluster.data, '-path', '*volumes*', '-name', 'data', '-type', 'd'])
      .toString()
      .trim();
    writeFileSync(`${directory}/kept`, 'still here');
    await cluster.crash();
    await cluster.up();
    await expect
      .poll(total, { timeout: 20_000 })
      .toBe('cpus:3; cpus(ops):1; disk:924; disk(ops)[data]:100; mem:924; mem(ops):100; ports:[31000-32000]');
    expect(readFileSync(`${directory}/kept`, 'utf8')).toBe('still here');
    const listed = await cluster.get<{ items: object[] }>('/v1/volumes');
    expect(listed.items).toMatchObject([{ persistenceId: 'data', agentId, role: 'ops', diskBytes: 100 * 2 ** 20 }]);
    expect(await call({ type: 'DESTROY_VOLUMES', destroy_volumes: { ...ON(), volumes } })).toMatchObject({
      status: 202,
    });
    expect(
      await unreserve(...['cpus', 'mem', 'disk'].map((name) => reserved(scalar(name, name === 'cpus' ? 1 : 100)))),
    ).toMatchObject({ status: 202 });
    expect(await total()).not.toContain('ops');
  });

  it('are refused with their values, and change nothing', async () => {
    const before = await total();
    const resources = [reserved(scalar('cpus', 1))];
    const table: [answer: Promise<{ status: number; text: string }>, status: number, text: RegExp][] = [
      [reserve(reserved(scalar('cpus', 99_999))), 409, /cpus:4; mem:1024; .*does not contain cpus:99999$/],
      [unreserve(...resources), 409, /does not contain cpus\(reservations: \[\(DYNAMIC,ops,me\)\]\):1$/],
      [
        reserve(scalar('cpus', 1)),
        400,
        /^Invalid RESERVE operation on agent .*: Resource cpus:1 is not dynamically reserved$/,
      ],
      [reserve(reserved(scalar('cpus', -1))), 400, /is invalid: Invalid scalar resource: value <= 0/],
      [reserve(reserved(scalar('cpus', 1), '-bad')), 400, /-bad/],
      [
        call({ type: 'RESERVE_RESOURCES', reserve_resources: { agent_id: { value: 'nope' }, resources } }),
        400,
        /^No agent found with specified ID$/,
      ],
      [
        call({ type: 'DESTROY_VOLUMES', destroy_volumes: { ...ON(), volumes: [volume(5)] } }),
        400,
        /^Invalid DESTROY operation: Persistent volumes not found$/,
      ],
      [
        call({ type: 'CREATE_VOLUMES', create_volumes: { ...ON(), volumes: [volume(5)] } }),
        409,
        /does not contain disk/,
      ],
      [call({ type: 'GROW_VOLUME', grow_volume: { volume: volume(5), addition: scalar('disk', 1) } }), 400, /agent_id/],
      [
        call({ type: 'RESERVE_RESOURCES' }),
        400,
        /^Failed to validate master::Call: Expecting 'reserve_resources' to be present$/,
      ],
      [form('/reserve', { slaveId: 'nope', resources: '[]' }), 400, /^No agent found with specified ID$/],
      [
        form('/reserve', { slaveId: agentId, resources: '{bad' }),
        400,
        /^Error parsing 'resources' .*: syntax error at line 1 near: bad$/,
      ],
      [
        post('/create-volumes', 'slaveId=nope', 'text/plain'),
        400,
        /^Missing 'volumes' query parameter in the request body$/,
      ],
      [
        post('/v1/reservations', '{"agentId":"nope","role":"a","resources":{"cpus":1}}', JSON_TYPE),
        404,
        /agent\.unknown/,
      ],
      [post('/v1/reservations', '{"role":"a"}', JSON_TYPE), 400, /agentId.*resources/s],
      [
        post(
          '/v1/volumes',
          JSON.stringify({ agentId, role: 'ops', diskBytes: 2 ** 20, containerPath: 'data' }),
          JSON_TYPE,
        ),
        409,
        /volume\.no_reserved_disk.*1 MB are asked for.*reservation add .* ops disk=1m/s,
      ],
    ];
    for (const [answer, status, text] of table) {
      const { status: is, text: says } = await answer;
      expect.soft(says).toMatch(text);
      expect.soft(is, says).toBe(status);
    }
    expect(await total()).toBe(before);
  });

  it('are resources of REST', async () => {
    const json = async (method: string, path: string, body?: object) => {
      const init = { method, headers: { 'content-type': JSON_TYPE }, ...(body && { body: JSON.stringify(body) }) };
      const answer = await fetch(cluster.url + path, init);
      return { status: answer.status, location: answer.headers.get('location'), body: (await answer.json()) as never };
    };
    const wanted = {
      agentId,
      role: 'ops',
      resources: { cpus: 1, diskBytes: 100 * 2 ** 20 },
      labels: { for: 'db' },
    };
    expect(await json('POST', '/v1/reservations?dryRun=true', wanted)).toMatchObject({
      status: 200,
      body: { agentId, consumed: 'cpus:1; disk:100', converted: expect.stringContaining('cpus(ops):1') },
    });
    const added = await json('POST', '/v1/reservations', wanted);
    expect(added).toMatchObject({ status: 202, location: expect.stringMatching(/^\/v1\/operations\//) });
    expect(await cluster.get<{ type: string; state: string }>(added.location ?? '')).toMatchObject({
      type: 'RESERVE',
      state: 'OPERATION_FINISHED',
    });
    const list = () => cluster.get<{ items: { id: string }[] }>('/v1/reservations?role=ops');
    await expect.poll(list).toMatchObject({
      items: [{ agentId, kind: 'dynamic', labels: { for: 'db' }, resources: { cpus: 1, diskBytes: 100 * 2 ** 20 } }],
    });
    const id = (await list()).items[0]?.id ?? '';
    const made = { agentId, role: 'ops', diskBytes: 60 * 2 ** 20, containerPath: 'data', persistenceId: 'db' };
    expect(await json('POST', '/v1/volumes', made)).toMatchObject({ status: 202 });
    const volumes = () => cluster.get<{ items: { id: string; diskBytes: number }[] }>('/v1/volumes?persistenceId=db');
    await expect.poll(volumes).toMatchObject({ items: [{ diskBytes: 60 * 2 ** 20, reservationId: id }] });
    const volumeId = (await volumes()).items[0]?.id ?? '';
    for (const diskBytes of [80 * 2 ** 20, 50 * 2 ** 20]) {
      expect(await json('PATCH', `/v1/volumes/${volumeId}`, { diskBytes })).toMatchObject({ status: 202 });
      await expect.poll(volumes).toMatchObject({ items: [{ diskBytes }] });
    }
    expect(await json('DELETE', `/v1/volumes/${volumeId}`)).toMatchObject({ status: 202 });
    await expect.poll(volumes).toMatchObject({ items: [] });
    expect(await json('DELETE', `/v1/reservations/${id}`)).toMatchObject({ status: 202 });
    await expect.poll(list).toMatchObject({ items: [] });
    expect(await json('DELETE', `/v1/reservations/${id}`)).toMatchObject({ status: 404 });
  });
});
