import { encodeBody, type MasterCall, messageTypes } from '@tranche/mesos-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';
const PROTOBUF = 'application/x-protobuf';

/** Larger than any endpoint reads. */
const HUGE = Buffer.alloc(70 << 20, 32);

interface Wrong {
  readonly method?: string;
  readonly path: string;
  readonly body: string | Buffer;
  readonly type?: string;
  readonly status: number;
  readonly text: RegExp;
}

const scalar = (name: string, value: unknown, role?: string) => ({
  ...{ name, type: 'SCALAR', scalar: { value } },
  ...(role === undefined ? {} : { reservations: [{ type: 'DYNAMIC', role }] }),
});
const call = (type: string, member?: object): string =>
  JSON.stringify({ type, ...(member === undefined ? {} : { [type.toLowerCase()]: member }) });
const form = (fields: Record<string, unknown>): string =>
  new URLSearchParams(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  ).toString();

/** The refusal names the parameter and, of one that is known, its value. */
const flagText = (query: string): RegExp => {
  const [name = '', value = ''] = query.split(/[=&]/);
  return new RegExp(`request\\.malformed.*${name}.*(must be true or false.*${value}|is no parameter)`);
};

/** What is wrong in what way. @param agentId one that is there */
function table(agentId: string): readonly Wrong[] {
  const agent_id = { value: agentId };
  const v1 = (body: string, status: number, text: RegExp): Wrong => ({ path: '/api/v1', body, status, text });
  const rest = (method: string, path: string, body: unknown, status: number, text: RegExp): Wrong => ({
    ...{ method, path, status, text },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const malformed = /^Failed to parse body into JSON: syntax error at line 1 near: /;
  return [
    v1('{"type":', 400, malformed),
    v1('null', 400, /^Failed to (parse body into JSON|convert JSON into Call protobuf|validate master::Call)/),
    v1('[]', 400, /^Failed to (parse body into JSON|convert JSON into Call protobuf)/),
    v1(call('RESERVE_RESOURCES', { resources: [] }), 400, /^Failed to convert JSON into Call protobuf: .*agent_id/),
    v1(
      call('RESERVE_RESOURCES', { agent_id, resources: [{ name: 'cpus' }] }),
      400,
      /^Failed to convert JSON into Call protobuf: .*type/,
    ),
    v1(
      call('RESERVE_RESOURCES', { agent_id, resources: 'cpus:1' }),
      400,
      /^Failed to convert JSON into Call protobuf: /,
    ),
    v1(
      call('RESERVE_RESOURCES', { agent_id, resources: [scalar('cpus', 'many', 'a')] }),
      400,
      /^Failed to convert JSON into Call protobuf: /,
    ),
    v1(
      call('RESERVE_RESOURCES', { agent_id, resources: [scalar('cpus', 0, 'a')] }),
      400,
      /^Invalid RESERVE operation: no resources are named$/,
    ),
    v1(call('RESERVE_RESOURCES', { agent_id, resources: [scalar('cpus', 1, 'a b')] }), 400, /'a b'/),
    v1(call('RESERVE_RESOURCES', { agent_id, resources: [scalar('gpus', 0.5, 'a')] }), 400, /gpus/),
    v1(
      call('RESERVE_RESOURCES', { agent_id, resources: [scalar('cpus', 1e9, 'a')] }),
      409,
      /does not contain cpus:1000000000$/,
    ),
    v1(
      call('RESERVE_RESOURCES', { agent_id: { value: '../x' }, resources: [] }),
      400,
      /^No agent found with specified ID$/,
    ),
    v1(
      call('UNRESERVE_RESOURCES', { agent_id, resources: [] }),
      400,
      /^Invalid UNRESERVE operation: Invalid resources: /,
    ),
    v1(
      call('CREATE_VOLUMES', {
        agent_id,
        volumes: [{ ...scalar('disk', 1, 'a'), disk: { persistence: { id: 'a/b' } } }],
      }),
      400,
      /volume/,
    ),
    v1(
      call('DESTROY_VOLUMES', { agent_id, volumes: [scalar('disk', 1, 'a')] }),
      400,
      /^Invalid DESTROY operation: Not a persistent volume: /,
    ),
    v1(
      call('GROW_VOLUME', { agent_id, volume: scalar('disk', 1, 'a'), addition: scalar('disk', 0, 'a') }),
      400,
      /value <= 0|must be greater than zero/,
    ),
    v1(
      call('SHRINK_VOLUME', { agent_id, volume: scalar('disk', 1, 'a'), subtract: { value: -1 } }),
      400,
      /must be greater than zero$/,
    ),
    v1(
      call('UPDATE_QUOTA', { quota_configs: [{ role: '', limits: { cpus: { value: 1 } } }] }),
      400,
      /^Invalid QuotaConfig: /,
    ),
    v1(call('UPDATE_WEIGHTS', { weight_infos: [{ role: 'a', weight: -1 }] }), 400, /Invalid weight '-1'/),
    v1(call('TEARDOWN', { framework_id: { value: '' } }), 400, /^No framework found with specified ID$/),
    v1(call('DRAIN_AGENT', { agent_id: { value: 'nope' } }), 400, /^Unknown agent$/),
    v1(call('DRAIN_AGENT', { agent_id, max_grace_period: '5s' }), 400, /^Failed to convert JSON into Call protobuf: /),
    v1(call('MARK_AGENT_GONE', { agent_id: { value: 'nope' } }), 404, /^Agent 'nope' not found$/),
    v1(call('START_MAINTENANCE', { machines: [] }), 400, /^List of machines is empty$/),
    v1(
      call('UPDATE_MAINTENANCE_SCHEDULE', {
        schedule: { windows: [{ machine_ids: [{}], unavailability: { start: { nanoseconds: 1 } } }] },
      }),
      400,
      /are empty$/,
    ),
    v1(call('READ_FILE', { path: '/etc/passwd', offset: 0 }), 404, /^$/),
    {
      path: '/api/v1',
      body: Buffer.from([0xff, 0xff, 0xff]),
      type: PROTOBUF,
      status: 400,
      text: /^Failed to parse body into Call protobuf$/,
    },
    { path: '/api/v1', body: HUGE, status: 413, text: /^the body is larger than the limit of 67108864 bytes$/ },
    ...['/reserve', '/unreserve', '/create-volumes', '/destroy-volumes', '/teardown'].map(
      (path): Wrong => ({
        path,
        body: '\u0000\u0001',
        type: FORM,
        status: 400,
        text: /^Missing '\w+' query parameter in the request body$/,
      }),
    ),
    {
      path: '/reserve',
      body: form({ slaveId: agentId, resources: [scalar('cpus', -1, 'a')] }),
      type: FORM,
      status: 400,
      text: /value <= 0/,
    },
    {
      path: '/reserve',
      body: form({ slaveId: agentId, resources: '[1]' }),
      type: FORM,
      status: 400,
      text: /^Error parsing 'resources'/,
    },
    {
      path: '/reserve',
      body: HUGE,
      type: FORM,
      status: 413,
      text: /^the body is larger than the limit of 67108864 bytes$/,
    },
    {
      path: '/create-volumes',
      body: form({ slaveId: agentId, volumes: [{}] }),
      type: FORM,
      status: 400,
      text: /^Error parsing 'volumes'/,
    },
    ...['/quota', '/maintenance/schedule', '/machine/down', '/machine/up'].map(
      (path): Wrong => ({ path, body: '{bad', status: 400, text: /syntax error at line 1 near: bad$/ }),
    ),
    rest('PUT', '/weights', '{bad', 400, /syntax error at line 1 near: bad$/),
    rest('POST', '/v1/reservations', '{bad', 400, /request\.malformed/),
    rest('POST', '/v1/reservations', { agentId, role: 'a', resources: { cpus: -1 } }, 400, /resources\.cpus/),
    rest('POST', '/v1/reservations', { agentId, role: 'a', resources: { cpu: 1 } }, 400, /cpu/),
    rest('POST', '/v1/reservations', { agentId, role: 'a', resources: {} }, 422, /operation\.refused/),
    rest('POST', '/v1/reservations', { agentId, role: '-x', resources: { cpus: 1 } }, 422, /-x/),
    rest(
      'POST',
      '/v1/reservations',
      { agentId, role: 'a', resources: { cpus: 1e9 } },
      409,
      /does not contain cpus:1000000000/,
    ),
    rest(
      'POST',
      '/v1/reservations',
      { agentId: 'nope', role: 'a', resources: { cpus: 1 } },
      404,
      /no agent has the id nope/,
    ),
    rest('DELETE', '/v1/reservations/nope', '', 404, /reservation\.unknown/),
    rest('POST', '/v1/volumes', { agentId, role: 'a', diskBytes: 0, containerPath: 'd' }, 400, /diskBytes/),
    rest(
      'POST',
      '/v1/volumes',
      { agentId, role: 'a', diskBytes: 1e9, containerPath: 'd' },
      409,
      /volume\.no_reserved_disk/,
    ),
    rest('PATCH', '/v1/volumes/nope', { diskBytes: 1 }, 404, /volume\.unknown/),
    rest('PUT', '/v1/quotas/web', { limit: { cpus: 'all' } }, 400, /limit\.cpus/),
    rest('PUT', '/v1/weights/web', { weight: -1 }, 400, /weight/),
    // What is half understood is not done: each of these was meant as a trial, or with a flag that has another name.
    ...['dryRun=1', 'dryRun=yes', 'dryRun=TRUE', 'dryRun=true&dryRun=false', 'dryrun=true', 'force=1'].flatMap(
      (query): Wrong[] => [
        rest('PUT', `/v1/quotas/web?${query}`, { limit: { cpus: 1 } }, 400, flagText(query)),
        rest('PATCH', `/v1/quotas/web?${query}`, { limit: { cpus: 1 } }, 400, flagText(query)),
        rest('POST', `/v1/agents/${agentId}:deactivate?${query}`, {}, 400, flagText(query)),
        rest('POST', `/v1/reservations?${query}`, { agentId, role: 'a', resources: { cpus: 1 } }, 400, flagText(query)),
      ],
    ),
    rest('POST', '/v1/agents/nope:drain', {}, 404, /no agent has the id nope/),
    rest('POST', '/v1/frameworks/nope:teardown', {}, 404, /no framework nope/),
    rest('POST', '/v1/offers/nope:rescind', {}, 404, /no offer nope/),
  ];
}

describe('wrong bodies of operators', () => {
  let cluster: LocalCluster;
  let agentId: string;
  beforeAll(async () => {
    cluster = await LocalCluster.start('--agents', '1', '--resources', 'cpus:4;mem:1024;disk:1024');
    const { slaves } = await cluster.get<{ slaves: { id: string }[] }>('/slaves');
    agentId = slaves[0]?.id ?? '';
  });
  afterAll(() => cluster?.stop());

  /** Everything that operators set. */
  const all = async () => {
    const { slaves } = await cluster.get<{ slaves: { resources: object; active: boolean }[] }>('/state');
    const others = ['/quota', '/weights', '/maintenance/schedule', '/v1/reservations', '/v1/volumes'].map(
      async (path) => {
        const { asOf: _number, ...document } = await cluster.get<{ asOf?: number }>(path);
        return document;
      },
    );
    return [slaves.map(({ resources, active }) => ({ resources, active })), await Promise.all(others)];
  };

  it('are answered with a status and a text that names what is wrong, and change nothing', async () => {
    const before = await all();
    for (const { method = 'POST', path, body, type = JSON_TYPE, status, text } of table(agentId)) {
      const what = `${method} ${path} ${body.length > 300 ? `${body.length} bytes` : body.toString()}`;
      const sent = method === 'DELETE' ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) };
      const answer = await fetch(cluster.url + path, { method, ...sent, headers: { 'content-type': type } });
      const told = await answer.text();
      expect.soft([answer.status, told], what).toEqual([status, expect.stringMatching(text)]);
    }
    expect(await all()).toEqual(before);
  });

  it('are answered alike in protobuf', async () => {
    const calls: [MasterCall, number, RegExp][] = [
      [{ type: 'TEARDOWN' }, 400, /^Failed to validate master::Call: Expecting 'teardown' to be present$/],
      [
        { type: 'UNRESERVE_RESOURCES', unreserve_resources: { agent_id: { value: agentId } } },
        400,
        /^Invalid UNRESERVE operation: /,
      ],
      [{ type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: { value: 'nope' } } }, 404, /^Agent 'nope' not found$/],
    ];
    for (const [body, status, text] of calls) {
      const answer = await fetch(`${cluster.url}/api/v1`, {
        method: 'POST',
        body: new Uint8Array(encodeBody(messageTypes.MasterCall, PROTOBUF, body)),
        headers: { 'content-type': PROTOBUF, accept: PROTOBUF },
      });
      expect([answer.status, await answer.text()]).toEqual([status, expect.stringMatching(text)]);
    }
  });
});
