import { encodeBody, httpError, messageTypes } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import type { AgentExecutor } from '../../executors/agent-executor.js';
import { executorInfo } from '../../testing/executor.builder.js';
import { type ExecutorCallScene, type ExecutorRequest, readExecutorCall } from './read-executor-call.js';

const JSON_TYPE = 'application/json';
const UUID = '7DgmTCYfTXOtz8H1Ayg4sw==';

const executor: AgentExecutor = {
  ...{ frameworkId: 'F', executorId: 'e1', info: executorInfo(), role: 'dev', traceId: '', containerId: 'c1' },
  launchedAtMs: 0,
};
const scene: ExecutorCallScene = {
  phase: 'over',
  hasFramework: (id) => id === 'F',
  executor: (_, id) => (id === 'e1' ? executor : undefined),
  isSubscribed: () => true,
};
const ids = { executor_id: { value: 'e1' }, framework_id: { value: 'F' } };
const update = (status: object) => ({
  ...ids,
  type: 'UPDATE',
  update: { status: { task_id: { value: 't1' }, state: 'TASK_RUNNING', ...status } },
});
const request = (body: unknown, more: Partial<ExecutorRequest> = {}): ExecutorRequest => ({
  ...{ method: 'POST', contentType: JSON_TYPE, accept: JSON_TYPE },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  ...more,
});
const invalid = (text: string): string => `Failed to validate Executor::Call: ${text}`;

describe('readExecutorCall', () => {
  it.each<[string, ExecutorRequest, number, string, Partial<ExecutorCallScene>?]>([
    [
      'before the executors of before are known',
      request('{', { method: 'GET' }),
      503,
      'Agent has not finished recovery',
      { phase: 'reading' },
    ],
    [
      'another method',
      request('', { method: 'GET' }),
      405,
      "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
    ],
    ['no content type', request({}, { contentType: undefined }), 400, "Expecting 'Content-Type' to be present"],
    [
      'another content type',
      request({}, { contentType: 'text/plain' }),
      415,
      "Expecting 'Content-Type' of application/json or application/x-protobuf",
    ],
    ['half a document', request('{'), 400, 'Failed to parse body into JSON: syntax error at line 1 near: '],
    [
      'an empty object',
      request({}),
      400,
      'Failed to convert JSON into Call protobuf: Missing required fields: executor_id, framework_id',
    ],
    [
      'no framework id',
      request({ type: 'SUBSCRIBE', executor_id: { value: 'x' } }),
      400,
      'Failed to convert JSON into Call protobuf: Missing required fields: framework_id',
    ],
    ['no subscribe', request({ ...ids, type: 'SUBSCRIBE' }), 400, invalid("Expecting 'subscribe' to be present")],
    ['an unknown type', request({ ...ids, type: 'NOSUCH' }), 400, invalid("Expecting 'type' to be present")],
    [
      'an update without uuid',
      request(update({ source: 'SOURCE_EXECUTOR' })),
      400,
      invalid("Expecting 'uuid' to be present"),
    ],
    [
      'an update whose uuid is none',
      request(update({ source: 'SOURCE_EXECUTOR', uuid: 'AAAAAAAAAAAAAAAAAAAAAA==' })),
      400,
      invalid('Not a valid UUID'),
    ],
    [
      'an update without source',
      request(update({ uuid: UUID })),
      400,
      invalid("Received Call from executor e1 of framework F with invalid source, expecting 'SOURCE_EXECUTOR'"),
    ],
    [
      'a subscription that accepts neither type',
      request({ ...ids, type: 'SUBSCRIBE', subscribe: {} }, { accept: 'text/html' }),
      406,
      "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
    ],
    [
      'another call during recovery',
      request(update({ source: 'SOURCE_EXECUTOR', uuid: UUID })),
      503,
      'Agent has not finished recovery',
      { phase: 'awaiting' },
    ],
    [
      'an unknown framework',
      request({ ...ids, framework_id: { value: 'y' }, type: 'SUBSCRIBE', subscribe: {} }),
      400,
      'Framework cannot be found',
    ],
    [
      'an unknown executor',
      request({ ...ids, executor_id: { value: 'x' }, type: 'SUBSCRIBE', subscribe: {} }),
      400,
      'Executor cannot be found',
    ],
    [
      'a call before the subscription',
      request(update({ source: 'SOURCE_EXECUTOR', uuid: UUID })),
      403,
      'Executor is not subscribed',
      { isSubscribed: () => false },
    ],
    ['UNKNOWN', request({ ...ids, type: 'UNKNOWN' }), 501, '501 Not Implemented.'],
  ])('refuses %s', (_, asked, status, body, more = {}) => {
    const read = readExecutorCall(asked, { ...scene, ...more });
    expect(read.ok ? read : httpError(read.refusal)).toMatchObject({ status, body });
  });

  it('takes a heartbeat before it looks anything up', () => {
    const call = request({ executor_id: { value: 'x' }, framework_id: { value: 'y' }, type: 'HEARTBEAT' });
    expect(readExecutorCall(call, { ...scene, phase: 'awaiting' })).toEqual({ ok: true, kind: 'heartbeat' });
  });

  it('lets executors subscribe during recovery', () => {
    const call = request({ ...ids, type: 'SUBSCRIBE', subscribe: {} });
    const read = readExecutorCall(call, { ...scene, phase: 'awaiting' });
    expect(read).toMatchObject({ ok: true, executor, mediaType: JSON_TYPE });
  });

  it('reads protobuf and answers in what is accepted', () => {
    const call = { ...ids, type: 'SUBSCRIBE' as const, subscribe: {} };
    const protobuf = 'application/x-protobuf';
    const body = encodeBody(messageTypes.ExecutorCall, protobuf, call);
    const read = readExecutorCall(request('', { contentType: protobuf, accept: protobuf, body }), scene);
    expect(read).toMatchObject({ ok: true, call: { type: 'SUBSCRIBE' }, mediaType: protobuf });
  });
});
