import { createConnection, type Socket } from 'node:net';
import { DeliverMessageV1, LaunchTasksV1, RecoverResourcesV1, ShutdownExecutorV1 } from '@tranche/contracts';
import {
  decodeProtobuf,
  encodeProtobuf,
  messageTypes,
  type Offer,
  RecordDecoder,
  type SchedulerCall,
  type SchedulerEvent,
} from '@tranche/mesos-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OffersCluster } from '../testing/offers-cluster.js';
import { SchedulerClient } from '../testing/scheduler-client.js';

const framework_info = {
  user: 'root',
  name: 'capture',
  roles: ['cap'],
  capabilities: [{ type: 'MULTI_ROLE' }],
  checkpoint: true,
  failover_timeout: 0,
};
const SUBSCRIBE = { type: 'SUBSCRIBE', subscribe: { framework_info } };

describe('the scheduler API', () => {
  const cluster = new OffersCluster();
  let scheduler: SchedulerClient;
  let framework_id: { value: string };
  beforeAll(async () => {
    await cluster.start();
    scheduler = await SchedulerClient.subscribe(cluster.url, SUBSCRIBE);
    framework_id = (await scheduler.next('SUBSCRIBED'))?.subscribed?.framework_id ?? { value: '' };
  });
  afterAll(async () => {
    scheduler.close();
    await cluster.stop();
  });

  const post = async (body: unknown, headers: Record<string, string> = {}, method = 'POST') => {
    const answer = await fetch(`${cluster.url}/api/v1/scheduler`, {
      method,
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return [answer.status, await answer.text()];
  };
  const own = (call: object) => post({ framework_id, ...call }, { 'mesos-stream-id': scheduler.streamId });

  describe('refuses in the recorded words', () => {
    it.each<[string, unknown, Record<string, string>, number, string]>([
      [
        'an unsupported content type',
        '{}',
        { 'content-type': 'text/plain' },
        415,
        "Expecting 'Content-Type' of application/json or application/x-protobuf",
      ],
      [
        'a content type with a charset',
        '{}',
        { 'content-type': 'application/json; charset=utf-8' },
        415,
        "Expecting 'Content-Type' of application/json or application/x-protobuf",
      ],
      [
        'protobuf that is JSON',
        '{"type":"REVIVE"}',
        { 'content-type': 'application/x-protobuf' },
        400,
        'Failed to parse body into Call protobuf',
      ],
      ['an empty body', '', {}, 400, 'Failed to parse body into JSON: syntax error at line 1 near: '],
      [
        'malformed JSON',
        '{"type":"SUBSCRIBE",',
        {},
        400,
        'Failed to parse body into JSON: syntax error at line 1 near: ',
      ],
      ['an array', '[1,2]', {}, 400, 'Failed to convert JSON into Call protobuf: Expecting a JSON object'],
      ['no type', {}, {}, 400, "Failed to validate scheduler::Call: Expecting 'type' to be present"],
      [
        'an unknown type',
        { type: 'NOSUCH' },
        {},
        400,
        "Failed to validate scheduler::Call: Expecting 'type' to be present",
      ],
      [
        'a text for a message',
        { framework_id: 'x', type: 'REVIVE' },
        {},
        400,
        "Failed to convert JSON into Call protobuf: Not expecting a JSON string for field 'framework_id'",
      ],
      [
        'SUBSCRIBE of nothing',
        { type: 'SUBSCRIBE' },
        {},
        400,
        "Failed to validate scheduler::Call: Expecting 'subscribe' to be present",
      ],
      [
        'SUBSCRIBE without a user',
        { type: 'SUBSCRIBE', subscribe: { framework_info: { name: 'x' } } },
        {},
        400,
        'Failed to convert JSON into Call protobuf: Missing required fields: subscribe.framework_info.user',
      ],
      [
        'SUBSCRIBE with a stream id',
        SUBSCRIBE,
        { 'mesos-stream-id': 'x' },
        400,
        "Subscribe calls should not include the 'Mesos-Stream-Id' header",
      ],
      [
        'SUBSCRIBE for HTML',
        SUBSCRIBE,
        { accept: 'text/html' },
        406,
        "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
      ],
      [
        'a call without framework',
        { type: 'REVIVE' },
        {},
        400,
        "Failed to validate scheduler::Call: Expecting 'framework_id' to be present",
      ],
      [
        'an unknown framework',
        { framework_id: { value: 'no-such-framework' }, type: 'REVIVE' },
        {},
        400,
        'Framework cannot be found',
      ],
    ])('%s', async (_what, body, headers, status, text) => {
      expect(await post(body, headers)).toEqual([status, text]);
    });

    it('another method', async () => {
      expect(await post('', {}, 'GET')).toEqual([
        405,
        "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
      ]);
    });

    it('a missing or wrong stream id', async () => {
      expect(await post({ framework_id, type: 'REVIVE' })).toEqual([
        400,
        "All non-subscribe calls should include the 'Mesos-Stream-Id' header",
      ]);
      expect(await post({ framework_id, type: 'REVIVE' }, { 'mesos-stream-id': 'x' })).toEqual([
        400,
        `The stream ID 'x' included in this request didn't match the stream ID currently associated with framework ID ${framework_id.value}`,
      ]);
    });

    it('calls that lack their member', async () => {
      for (const type of ['ACCEPT', 'DECLINE', 'KILL', 'ACKNOWLEDGE', 'RECONCILE']) {
        expect(await own({ type })).toEqual([
          400,
          `Failed to validate scheduler::Call: Expecting '${type.toLowerCase()}' to be present`,
        ]);
      }
    });

    it('an acknowledgement of no UUID', async () => {
      const acknowledge = { agent_id: { value: 'S1' }, task_id: { value: 't1' }, uuid: 'AAAA' };
      expect(await own({ type: 'ACKNOWLEDGE', acknowledge })).toEqual([
        400,
        'Failed to validate scheduler::Call: Not a valid UUID',
      ]);
    });
  });

  it('passes SHUTDOWN and MESSAGE on to the agent', async () => {
    const ids = { executor_id: { value: 'e' }, agent_id: { value: 'S1' } };
    const to = { agentId: 'S1', frameworkId: framework_id.value, executorId: 'e' };
    cluster.registerAgent();
    await cluster.offer(framework_id.value, 'cap');
    await scheduler.next('OFFERS');
    expect(await own({ type: 'SHUTDOWN', shutdown: ids })).toEqual([202, '']);
    expect(await cluster.taken(ShutdownExecutorV1)).toEqual([to]);
    expect(await own({ type: 'MESSAGE', message: { ...ids, data: 'aGVsbG8=' } })).toEqual([202, '']);
    expect(await cluster.taken(DeliverMessageV1)).toEqual([{ ...to, data: 'aGVsbG8=' }]);
  });

  it('answers 202 without a body, also to calls that have no effect', async () => {
    for (const call of [
      { type: 'REVIVE', nosuchfield: 1 },
      { type: 'REVIVE', revive: { roles: ['nope'] } },
      { type: 'SUPPRESS', suppress: { roles: ['-x'] } },
      { type: 'REQUEST', request: { requests: [] } },
      { type: 'RECONCILE_OPERATIONS', reconcile_operations: { operations: [] } },
      { type: 'ACCEPT', accept: { offer_ids: [], operations: [{}] } },
      { type: 'KILL', kill: { task_id: { value: 'nosuch' }, agent_id: null } },
    ]) {
      expect(await own(call)).toEqual([202, '']);
    }
  });

  it('serves the paths that native clients use', async () => {
    const answer = await fetch(`${cluster.url}/master/api/v1/scheduler/`, { method: 'POST', body: '{}' });
    expect([answer.status, await answer.text()]).toEqual([415, expect.stringContaining('Content-Type')]);
  });

  it('updates a framework at once: 200, or 400 with the reason', async () => {
    const update_framework = { framework_info: { ...framework_info, id: framework_id, roles: ['cap', 'cap2'] } };
    expect(await own({ type: 'UPDATE_FRAMEWORK', update_framework })).toEqual([200, '']);
    const user = { framework_info: { ...update_framework.framework_info, user: 'nobody' } };
    expect(await own({ type: 'UPDATE_FRAMEWORK', update_framework: user })).toEqual([
      400,
      "FrameworkInfo update is not valid: Updating 'FrameworkInfo.user' is unsupported; attempted to update from 'root' to 'nobody'",
    ]);
  });

  it('refuses a subscription with 200 and an ERROR event, then ends the stream', async () => {
    const roles = { ...framework_info, role: 'x' };
    const refused = await SchedulerClient.subscribe(cluster.url, {
      type: 'SUBSCRIBE',
      subscribe: { framework_info: roles },
    });
    expect((await refused.next('ERROR'))?.error?.message).toBe(
      "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable",
    );
    expect(await refused.next('HEARTBEAT')).toBeUndefined();
  });

  it('writes a stream byte for byte as recorded: headers, chunks, records', async () => {
    const socket = createConnection(Number(new URL(cluster.url).port), '127.0.0.1');
    const body = JSON.stringify(SUBSCRIBE);
    const head = [
      'POST /api/v1/scheduler HTTP/1.1',
      'Host: x',
      'Content-Type: application/json',
      'Accept: application/json',
      'Accept-Encoding: gzip',
      `Content-Length: ${body.length}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    const text = await readUntil(socket, '"HEARTBEAT"}\r\n');
    socket.destroy();
    const [headers = '', stream = ''] = text.split(/\r\n\r\n/s, 2);
    expect(headers).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(headers).toContain('\r\nContent-Type: application/json\r\n');
    expect(headers).toContain('\r\nTransfer-Encoding: chunked');
    expect(headers).toMatch(/\r\nMesos-Stream-Id: [0-9a-f-]{36}\r\n/);
    expect(headers).not.toMatch(/content-(length|encoding)/i);
    const id = /"framework_id":\{"value":"([^"]+)"/.exec(stream)?.[1] ?? '';
    const record = `{"type":"SUBSCRIBED","subscribed":{"framework_id":{"value":"${id}"},"heartbeat_interval_seconds":15.0,"master_info":{"id":"C","ip":16777343,"port":5050,"pid":"master@127.0.0.1:5050","hostname":"127.0.0.1","version":"0.1.0","address":{"hostname":"127.0.0.1","ip":"127.0.0.1","port":5050},"capabilities":[{"type":"AGENT_UPDATE"},{"type":"AGENT_DRAINING"},{"type":"QUOTA_V2"}]}}}`;
    const first = `${record.length}\n${record}`;
    expect(stream).toBe(`${first.length.toString(16)}\r\n${first}\r\n17\r\n20\n{"type":"HEARTBEAT"}\r\n`);
  });

  it('speaks protobuf in both directions', async () => {
    const protobuf = (call: SchedulerCall) => encodeProtobuf(messageTypes.SchedulerCall, call);
    const headers = { 'content-type': 'application/x-protobuf', accept: 'application/x-protobuf' };
    const abort = new AbortController();
    const answer = await fetch(`${cluster.url}/api/v1/scheduler`, {
      method: 'POST',
      headers,
      body: new Uint8Array(protobuf(SUBSCRIBE as SchedulerCall)),
      signal: abort.signal,
    });
    expect(answer.headers.get('content-type')).toBe('application/x-protobuf');
    const subscribed = await firstEvent(answer);
    expect(subscribed.type).toBe('SUBSCRIBED');
    const call = await fetch(`${cluster.url}/api/v1/scheduler`, {
      method: 'POST',
      headers: { ...headers, 'mesos-stream-id': answer.headers.get('mesos-stream-id') ?? '' },
      body: new Uint8Array(protobuf({ type: 'TEARDOWN', framework_id: subscribed.subscribed?.framework_id })),
    });
    expect(call.status).toBe(202);
    abort.abort();
  });

  it('gives launched tasks the trace of their ACCEPT', async () => {
    cluster.registerAgent();
    await cluster.offer(framework_id.value, 'cap');
    const [offer] = (await scheduler.next('OFFERS'))?.offers?.offers ?? [];
    const resources = [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 } }];
    const task = {
      name: 't',
      task_id: { value: 'traced' },
      agent_id: { value: 'S1' },
      resources,
      command: { value: 'x' },
    };
    const traceId = 'a'.repeat(32);
    await post(
      {
        framework_id,
        type: 'ACCEPT',
        accept: { offer_ids: [offer?.id], operations: [{ type: 'LAUNCH', launch: { task_infos: [task] } }] },
      },
      { 'mesos-stream-id': scheduler.streamId, traceparent: `00-${traceId}-${'b'.repeat(16)}-01` },
    );
    expect(await cluster.taken(LaunchTasksV1)).toMatchObject([{ traceId }]);
  });

  it('completes the framework on TEARDOWN: its stream ends, its id is refused', async () => {
    const doomed = await SchedulerClient.subscribe(cluster.url, SUBSCRIBE);
    const id = (await doomed.next('SUBSCRIBED'))?.subscribed?.framework_id;
    const headers = { 'mesos-stream-id': doomed.streamId };
    expect(await post({ framework_id: id, type: 'TEARDOWN' }, headers)).toEqual([202, '']);
    expect(await doomed.next('ERROR')).toBeUndefined();
    expect(await post({ framework_id: id, type: 'REVIVE' }, headers)).toEqual([400, 'Framework cannot be found']);
    const again = { framework_id: id, type: 'SUBSCRIBE', subscribe: { framework_info: { ...framework_info, id } } };
    const refused = await SchedulerClient.subscribe(cluster.url, again);
    expect((await refused.next('ERROR'))?.error?.message).toBe('Framework has been removed');
  });

  it('makes ten thousand offers at once, and takes them back in one call', async () => {
    cluster.registerAgent();
    await cluster.offers(framework_id.value, 'cap', 10_000);
    const offers: Offer[] = [];
    while (offers.length < 10_000) offers.push(...((await scheduler.next('OFFERS'))?.offers?.offers ?? []));
    expect(new Set(offers.map(({ id }) => id.value)).size).toBe(10_000);
    const offer_ids = offers.map(({ id }) => id);
    expect(await own({ type: 'DECLINE', decline: { offer_ids, filters: { refuse_seconds: 7 } } })).toEqual([202, '']);
    // What offers of earlier tests gave back may come before it.
    let declined = 0;
    while (declined < 10_000) {
      const freed = await cluster.taken(RecoverResourcesV1);
      declined += freed.filter(({ refuseSeconds }) => refuseSeconds === 7).length;
    }
    expect(declined).toBe(10_000);
  });

  it('disconnects a scheduler that reads nothing, says why, and slows nobody else', async () => {
    const maxBufferedBytes = 20_000;
    const small = new OffersCluster({ maxBufferedBytes, heartbeatIntervalMs: 10 });
    await small.start();
    const slowOne = () => frameworkOf(small.url, 'C-0000');
    const info = { ...framework_info, name: 'n'.repeat(100), failover_timeout: 1000 };
    const body = JSON.stringify({ type: 'SUBSCRIBE', subscribe: { framework_info: info } });
    const socket = createConnection(Number(new URL(small.url).port), '127.0.0.1');
    socket.pause();
    const head = `POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
    socket.write(`${head}\r\n\r\n${body}`);
    await expect.poll(() => slowOne(), { timeout: 5_000 }).toMatchObject({ state: 'connected' });
    const healthy = await SchedulerClient.subscribe(small.url, SUBSCRIBE);
    const healthyId = (await healthy.next('SUBSCRIBED'))?.subscribed?.framework_id.value ?? '';
    small.registerAgent();
    // Offers are made until the kernel's buffers are full and the rest has to wait here.
    let told = 0;
    for (let i = 0; (await slowOne())?.state !== 'disconnected'; i++) {
      await small.offers('C-0000', 'cap', 1_000);
      await small.offer(healthyId, 'cap', { cpus: i + 1 });
      const event = await healthy.next('OFFERS');
      expect(event?.offers?.offers?.[0]?.resources?.[0]?.scalar?.value).toBe(i + 1);
      told += 1;
      if (i > 200) throw new Error('was never disconnected');
    }
    const slow = await slowOne();
    const other = await frameworkOf(small.url, healthyId);
    expect(slow).toMatchObject({ state: 'disconnected', offers: 0 });
    expect(other).toMatchObject({ state: 'connected', offers: told });
    // Never more than the bound and the one event that passed it, here of a thousand offers.
    const [, waiting = ''] = /^reads too slowly: (\d+) bytes wait/.exec(slow?.disconnectedReason ?? '') ?? [];
    expect(Number(waiting)).toBeGreaterThan(maxBufferedBytes);
    expect(Number(waiting)).toBeLessThan(maxBufferedBytes + 1_000_000);
    await healthy.next('HEARTBEAT');
    healthy.close();
    socket.destroy();
    await small.stop();
  });
});

interface FrameworkItem {
  readonly id: string;
  readonly state: string;
  readonly disconnectedReason?: string;
}

async function frameworkOf(url: string, frameworkId: string): Promise<FrameworkItem | undefined> {
  const { items } = (await (await fetch(`${url}/v1/frameworks`)).json()) as { items: FrameworkItem[] };
  return items.find(({ id }) => id === frameworkId);
}

function readUntil(socket: Socket, end: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.endsWith(end)) resolve(text);
    });
    socket.on('error', reject);
  });
}

async function firstEvent(response: Response): Promise<SchedulerEvent> {
  const decoder = new RecordDecoder();
  const reader = response.body?.getReader();
  for (;;) {
    const { value } = (await reader?.read()) ?? {};
    if (value === undefined) throw new Error('the stream ended');
    const [record] = decoder.push(Buffer.from(value));
    if (record === undefined) continue;
    const decoded = decodeProtobuf(messageTypes.SchedulerEvent, record);
    if (!decoded.ok) throw new Error(decoded.error);
    return decoded.value;
  }
}
