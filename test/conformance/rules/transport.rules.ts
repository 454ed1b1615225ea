import { createConnection } from 'node:net';
import { once } from 'node:events';
import { expect } from 'vitest';
import { encodeCall, mediaTypeOf } from '../scheduler.js';
import { frameworkInfo, type Stage } from '../stage.js';
import { type Rule, rule, ruleOf } from '../rule.js';

const SUBSCRIBE = { type: 'SUBSCRIBE' as const, subscribe: { framework_info: frameworkInfo() } };

/** The `Content-Type` that SUBSCRIBE with this `Accept` is answered with, or the status when that is not 200. */
async function streamType(stage: Stage, accept: string | undefined): Promise<string> {
  const { port } = new URL(stage.url);
  const body = encodeCall(stage.encoding, SUBSCRIBE);
  const socket = createConnection(Number(port), '127.0.0.1');
  const headers = [`Content-Type: ${mediaTypeOf(stage.encoding)}`, `Content-Length: ${Buffer.byteLength(body)}`];
  if (accept !== undefined) headers.push(`Accept: ${accept}`);
  socket.write(`POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\n${headers.join('\r\n')}\r\n\r\n`);
  socket.write(body);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  const head = chunk.toString('latin1');
  if (!head.startsWith('HTTP/1.1 200')) return head.slice(9, 12);
  return /content-type: (\S+)/i.exec(head)?.[1] ?? 'none';
}

/** Section 1: how calls and events travel. */
export const transportRules: readonly Rule[] = [
  rule('§1 method and path', 'calls are taken at the path and at its alias below /master', async (stage) => {
    for (const path of ['/api/v1/scheduler', '/master/api/v1/scheduler']) {
      expect((await stage.post({ path })).status).toBe(400);
    }
  }),
  rule('§1 path matching', 'a trailing slash and anything behind the path reach the same handler', async (stage) => {
    for (const path of ['/api/v1/scheduler/', '/api/v1/scheduler/x', '/master/api/v1/scheduler/x/y?z=1']) {
      expect((await stage.post({ path, headers: {} })).body).toBe("Expecting 'Content-Type' to be present");
    }
  }),
  rule('§1 request Content-Type', 'the type is compared byte for byte', async (stage) => {
    for (const suffix of ['; charset=utf-8', ' ', ';']) {
      const headers = { 'Content-Type': mediaTypeOf(stage.encoding) + suffix };
      // A header's trailing white space is not part of it.
      expect((await stage.post({ headers })).status).toBe(suffix === ' ' ? 400 : 415);
    }
    expect((await stage.post({ headers: { 'Content-Type': 'Application/JSON' } })).status).toBe(415);
  }),
  rule('§1 Accept', 'JSON is answered whenever it is acceptable, protobuf when it alone is', async (stage) => {
    const json = [undefined, '*/*', 'application/*', 'application/x-protobuf, application/json;q=0.1'];
    for (const accept of json) expect(await streamType(stage, accept)).toBe('application/json');
    const protobuf = ['application/x-protobuf', 'application/json;q=0, application/*'];
    for (const accept of protobuf) expect(await streamType(stage, accept)).toBe('application/x-protobuf');
  }),
  rule(
    '§1 Accept of other calls',
    'the header is not read but for SUBSCRIBE and RECONCILE_OPERATIONS',
    async (stage) => {
      const scheduler = await stage.subscribe();
      expect((await scheduler.call({ type: 'REVIVE' }, { Accept: 'text/html' })).status).toBe(202);
    },
  ),
  rule('§1 Mesos-Stream-Id', 'SUBSCRIBE is answered with a UUID that other calls carry', async (stage) => {
    const scheduler = await stage.subscribe();
    expect(scheduler.streamId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect((await scheduler.call({ type: 'REVIVE' })).status).toBe(202);
    const body = encodeCall(stage.encoding, { type: 'REVIVE', framework_id: { value: scheduler.frameworkId } });
    const headers = { 'content-type': mediaTypeOf(stage.encoding), 'MESOS-STREAM-ID': scheduler.streamId };
    expect((await stage.post({ headers, body })).status).toBe(202);
  }),
  rule('§1 Auth', 'without authentication an Authorization header is ignored', async (stage) => {
    const scheduler = await stage.subscribe();
    expect((await scheduler.call({ type: 'REVIVE' }, { Authorization: 'Basic eDp5' })).status).toBe(202);
  }),
  rule('§1 subscribe response', '200, the type chosen, chunked, no length, never compressed', async (stage) => {
    const { headers } = await stage.subscribe();
    expect(headers['content-type']).toBe(mediaTypeOf(stage.encoding));
    expect(headers['transfer-encoding']).toBe('chunked');
    expect(headers).not.toHaveProperty('content-length');
    expect(headers).not.toHaveProperty('content-encoding');
  }),
  rule('§1 other responses', '202 without a body; 200 for UPDATE_FRAMEWORK; errors are plain text', async (stage) => {
    const scheduler = await stage.subscribe();
    const accepted = await scheduler.call({ type: 'REVIVE' });
    expect([accepted.status, accepted.body, accepted.headers['content-length']]).toEqual([202, '', '0']);
    const framework_info = frameworkInfo({ id: { value: scheduler.frameworkId } });
    const updated = await scheduler.call({ type: 'UPDATE_FRAMEWORK', update_framework: { framework_info } });
    expect([updated.status, updated.body, updated.headers['content-length']]).toEqual([200, '', '0']);
    const refused = await stage.post({ headers: {} });
    expect(refused.headers['content-type']).toBe('text/plain; charset=utf-8');
  }),
  rule(
    '§1 RecordIO',
    'a record is its length in decimal, a line feed and so many bytes, in one chunk',
    async (stage) => {
      const scheduler = await stage.subscribe({ name: 'ünïcode' });
      await stage.offer(scheduler);
      await scheduler.settled();
      for (const chunk of scheduler.chunks) {
        const at = chunk.indexOf('\n');
        const length = chunk.subarray(0, at).toString('latin1');
        expect(length).toMatch(/^[1-9]\d*$/);
        expect(chunk.length - at - 1).toBe(Number(length));
      }
    },
  ),
  ruleOf('JSON', '§1 RecordIO example', 'a heartbeat in JSON is 20 bytes and written so', async (stage) => {
    const scheduler = await stage.subscribe();
    expect(scheduler.chunks[1]?.toString()).toBe('20\n{"type":"HEARTBEAT"}');
  }),
  rule('§1 order of calls', 'calls on one connection are carried out in their order', async (stage) => {
    const scheduler = await stage.subscribe();
    const socket = createConnection(Number(new URL(stage.url).port), '127.0.0.1');
    const names = Array.from({ length: 20 }, (_, i) => `task-${i}`);
    for (const name of names) {
      const body = encodeCall(stage.encoding, {
        type: 'RECONCILE',
        framework_id: { value: scheduler.frameworkId },
        reconcile: { tasks: [{ task_id: { value: name }, agent_id: { value: 'nowhere' } }] },
      });
      const head = `Content-Type: ${mediaTypeOf(stage.encoding)}\r\nMesos-Stream-Id: ${scheduler.streamId}`;
      socket.write(`POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\n${head}\r\n`);
      socket.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`);
      socket.write(body);
    }
    const answered: string[] = [];
    while (answered.length < names.length) answered.push((await scheduler.status()).task_id.value);
    socket.destroy();
    expect(answered).toEqual(names);
  }),
  rule('§1 disconnect', 'closing the stream is how a scheduler is found to be gone', async (stage) => {
    const scheduler = await stage.subscribe({ failover_timeout: 60 });
    scheduler.leave();
    await expect
      .poll(async () => (await scheduler.call({ type: 'REVIVE' })).body, { timeout: 5_000 })
      .toBe('Framework is not subscribed');
  }),
];
