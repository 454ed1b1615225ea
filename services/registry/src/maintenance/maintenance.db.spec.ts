import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configWith } from '@tranche/config';
import { RegisterAgentV1, RegistrySnapshotV1, queueOf } from '@tranche/contracts';
import type { RunningService } from '@tranche/http';
import { decodeProtobuf, encodeProtobuf, type MasterCall, messageTypes, PROTOBUF_TYPE } from '@tranche/mesos-api';
import { InProcessBroker, inProcessHost, type ServiceHost } from '@tranche/messaging';
import { silentLogger } from '@tranche/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registerRequest } from '../agents/agents.fakes.js';
import { registryOptions } from '../registry.config.js';
import { startRegistry } from '../start-registry.js';

const M1 = '{"hostname":"m1","ip":"10.9.9.9"}';
const scheduleOf = (machines: string): string =>
  `{"windows":[{"machine_ids":[${machines}],"unavailability":{"start":{"nanoseconds":1000000000000000001}}}]}`;

/** Machines as recordings 11 and 12 have them, on a registry alone. */
describe('maintenance', () => {
  let folder: string;
  let running: RunningService;
  let agent: ServiceHost;
  const start = async (): Promise<void> => {
    const broker = new InProcessBroker();
    const host = (service: string): ServiceHost => inProcessHost({ service, broker, logger: silentLogger });
    const config = configWith(registryOptions, { databaseUrl: `sqlite:${join(folder, 'db')}`, clusterId: 'c' });
    running = await startRegistry({ config, host: host('registry') });
    agent = host('agent');
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'maintenance-'));
    await start();
  });
  afterEach(async () => {
    await running.stop();
    rmSync(folder, { recursive: true });
  });

  const inject = async (method: 'GET' | 'POST', url: string, payload?: string | Buffer, type = 'application/json') => {
    const body = payload === undefined ? {} : { payload, headers: { 'content-type': type } };
    const { statusCode, body: text, rawPayload } = await running.app.inject({ method, url, ...body });
    return { answer: [statusCode, text], rawPayload };
  };
  const get = async (url: string) => (await inject('GET', url)).answer;
  const post = async (url: string, body: string) => (await inject('POST', url, body)).answer;

  it('goes the way of the recording, by its paths', async () => {
    expect(await get('/maintenance/schedule')).toEqual([200, '{}']);
    expect(await post('/maintenance/schedule', scheduleOf(M1))).toEqual([200, '']);
    expect(await get('/maintenance/schedule')).toEqual([200, scheduleOf(M1)]);
    expect(await get('/master/maintenance/status')).toEqual([200, `{"draining_machines":[{"id":${M1}}]}`]);
    expect(await post('/machine/down', `[${M1}]`)).toEqual([200, '']);
    expect(await get('/maintenance/status')).toEqual([200, `{"down_machines":[${M1}]}`]);
    expect(await post('/machine/up', `[${M1}]`)).toEqual([200, '']);
    expect(await get('/maintenance/status')).toEqual([200, '{}']);
    const notThere = `Machine '{"hostname":"zz"}' is not part of a maintenance schedule`;
    expect(await post('/machine/down', '[{"hostname":"zz"}]')).toEqual([400, notThere]);
    for (const url of ['/machine/down', '/machine/up', '/maintenance/schedule']) {
      expect(await post(url, '{bad')).toEqual([400, 'syntax error at line 1 near: bad']);
    }
    expect(await post('/machine/down', '{}')).toEqual([400, 'Unexpected JSON type parsed']);
    expect(await post('/maintenance/schedule', '{"windows":[]}')).toEqual([200, '']);
    expect((await inject('POST', '/maintenance/status', '{}')).answer[0]).toBe(405);
    expect((await inject('GET', '/machine/down')).answer[0]).toBe(405);
  });

  it('shows one window below /v1, with the tag of the whole schedule', async () => {
    await post('/maintenance/schedule', scheduleOf(M1));
    const list = await running.app.inject({ method: 'GET', url: '/v1/maintenance' });
    const [{ id } = { id: '' }] = (JSON.parse(list.body) as { items: { id: string }[] }).items;
    const one = await running.app.inject({ method: 'GET', url: `/v1/maintenance/${id}` });
    expect([one.statusCode, JSON.parse(one.body)]).toEqual([
      200,
      { id, machines: [JSON.parse(M1)], start: '2001-09-09T01:46:40.000Z', effects: { tasks: 0 } },
    ]);
    expect([one.headers.etag, typeof one.headers.etag]).toEqual([list.headers.etag, 'string']);
    const other = await running.app.inject({ method: 'GET', url: '/v1/maintenance/other' });
    expect([other.statusCode, JSON.parse(other.body)]).toMatchObject([404, { code: 'maintenance.unknown' }]);
  });

  it.each(['JSON', 'protobuf'])('goes the same way by calls in %s', async (encoding) => {
    const call = async (said: MasterCall) => {
      const inJson = encoding === 'JSON';
      const body = inJson ? JSON.stringify(said) : encodeProtobuf(messageTypes.MasterCall, said);
      const type = inJson ? 'application/json' : PROTOBUF_TYPE;
      const {
        statusCode,
        body: text,
        rawPayload,
      } = await running.app.inject({
        method: 'POST',
        url: '/api/v1',
        payload: body,
        headers: { 'content-type': type, accept: type },
      });
      if (statusCode !== 200 || text === '') return [statusCode, text];
      if (inJson) return [statusCode, JSON.parse(text) as unknown];
      const decoded = decodeProtobuf(messageTypes.MasterResponse, rawPayload);
      return [statusCode, decoded.ok ? decoded.value : decoded.error];
    };
    const machine = { hostname: 'm1', ip: '10.9.9.9' };
    const schedule = { windows: [{ machine_ids: [machine], unavailability: { start: { nanoseconds: 7 } } }] };
    const status = (get_maintenance_status: unknown) => [
      200,
      { type: 'GET_MAINTENANCE_STATUS', get_maintenance_status },
    ];
    const GET_STATUS = { type: 'GET_MAINTENANCE_STATUS' } as const;
    expect(await call({ type: 'GET_MAINTENANCE_SCHEDULE' })).toEqual([
      200,
      { type: 'GET_MAINTENANCE_SCHEDULE', get_maintenance_schedule: { schedule: {} } },
    ]);
    expect(await call({ type: 'UPDATE_MAINTENANCE_SCHEDULE', update_maintenance_schedule: { schedule } })).toEqual([
      200,
      '',
    ]);
    expect(await call({ type: 'GET_MAINTENANCE_SCHEDULE' })).toEqual([
      200,
      { type: 'GET_MAINTENANCE_SCHEDULE', get_maintenance_schedule: { schedule } },
    ]);
    expect(await call(GET_STATUS)).toEqual(status({ status: { draining_machines: [{ id: machine }] } }));
    expect(await call({ type: 'START_MAINTENANCE', start_maintenance: { machines: [machine] } })).toEqual([200, '']);
    expect(await call(GET_STATUS)).toEqual(status({ status: { down_machines: [machine] } }));
    expect(await call({ type: 'START_MAINTENANCE', start_maintenance: { machines: [] } })).toEqual([
      400,
      'List of machines is empty',
    ]);
    expect(await call({ type: 'STOP_MAINTENANCE', stop_maintenance: { machines: [machine] } })).toEqual([200, '']);
    expect(await call(GET_STATUS)).toEqual(status({ status: {} }));
  });

  it('is as it was after a restart, for agents, too', async () => {
    const register = () => agent.bus.ask(RegisterAgentV1, queueOf('registry'), registerRequest());
    const machine = '{"hostname":"n1","ip":"10.0.0.1"}';
    await register();
    await post('/maintenance/schedule', scheduleOf(`${M1},${machine}`));
    await post('/machine/down', `[${M1}]`);
    await running.stop();
    await start();
    expect(await get('/maintenance/schedule')).toEqual([200, scheduleOf(`${M1},${machine}`)]);
    expect(await get('/maintenance/status')).toEqual([
      200,
      `{"draining_machines":[{"id":${machine}}],"down_machines":[${M1}]}`,
    ]);
    const { agents } = await agent.bus.ask(RegistrySnapshotV1, queueOf('registry'), {});
    expect(agents).toMatchObject([{ unavailability: { start: { nanoseconds: '1000000000000000001' } } }]);
    expect(await post('/machine/down', `[${machine}]`)).toEqual([200, '']);
    expect(await register()).toMatchObject({
      ok: false,
      reason: 'machine n1 (10.0.0.1) is DOWN: it is under maintenance',
    });
  });
});
