import { type MasterEvent, RecordDecoder } from '@tranche/mesos-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from './local-cluster.js';

describe('the event stream of the operator API', () => {
  let cluster: LocalCluster;
  beforeAll(async () => {
    cluster = await LocalCluster.start('--agents', '1');
  });
  afterAll(() => cluster?.stop());

  it('begins with everything, and tells of a framework and its task from launch to end', async () => {
    const leaving = new AbortController();
    const answer = await fetch(`${cluster.url}/api/v1`, {
      method: 'POST',
      body: '{"type":"SUBSCRIBE"}',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      signal: leaving.signal,
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    const events: MasterEvent[] = [];
    const reading = (async () => {
      const decoder = new RecordDecoder();
      for await (const chunk of answer.body ?? [])
        events.push(...decoder.push(Buffer.from(chunk)).map((record) => JSON.parse(record.toString()) as MasterEvent));
    })().catch(() => undefined);
    expect((await cluster.tranche('run', '--name', 'watched', '--', 'exit 3')).status).toBe(3);
    await expect.poll(() => events.map(({ type }) => type)).toContain('FRAMEWORK_REMOVED');
    leaving.abort();
    await reading;
    expect(events[0]).toMatchObject({
      subscribed: { get_state: { get_agents: { agents: [{ active: true }] }, get_frameworks: {} } },
    });
    expect(events[1]).toEqual({ type: 'HEARTBEAT' });
    const own = events.slice(2).filter(({ type }) => type !== 'HEARTBEAT' && type !== 'FRAMEWORK_UPDATED');
    expect(own.map(({ type, task_updated }) => task_updated?.state ?? type)).toEqual([
      ...['FRAMEWORK_ADDED', 'TASK_ADDED', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_FAILED', 'FRAMEWORK_REMOVED'],
    ]);
  });

  it.each([
    'GET_STATE',
    'GET_AGENTS',
    'GET_FRAMEWORKS',
    'GET_EXECUTORS',
    'GET_TASKS',
    'GET_ROLES',
    'GET_WEIGHTS',
    'GET_QUOTA',
  ])('answers %s in JSON and in protobuf', async (type) => {
    const call = (accept: string) =>
      fetch(`${cluster.url}/api/v1`, {
        method: 'POST',
        body: JSON.stringify({ type }),
        headers: { 'content-type': 'application/json', accept },
      });
    const json = await call('application/json');
    expect([json.status, await json.json()]).toEqual([200, expect.objectContaining({ type })]);
    const binary = await call('application/x-protobuf');
    expect([binary.status, binary.headers.get('content-type')]).toEqual([200, 'application/x-protobuf']);
    expect((await binary.arrayBuffer()).byteLength).toBeGreaterThan(1);
  });
});
