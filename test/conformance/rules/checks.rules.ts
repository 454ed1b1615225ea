import { expect } from 'vitest';
import type { SchedulerCallType } from '@tranche/mesos-api';
import { credentialRules } from './credentials.rules.js';
import { encodeCall, mediaTypeOf, type Scheduler } from '../scheduler.js';
import { frameworkInfo, type Stage } from '../stage.js';
import { notYet, type Rule, rule, ruleOf } from '../rule.js';

const answerTo = async (stage: Stage, body: string | Buffer, headers: Record<string, string> = {}) => {
  const answer = await stage.post({ body, headers: { 'Content-Type': mediaTypeOf(stage.encoding), ...headers } });
  return [answer.status, answer.body];
};
const json = (stage: Stage, body: unknown, headers: Record<string, string> = {}) =>
  answerTo(stage, JSON.stringify(body), headers);
const called = async (scheduler: Scheduler, call: object, headers: Record<string, string> = {}) => {
  const answer = await scheduler.call(call, headers);
  return [answer.status, answer.body];
};
const invalid = (detail: string) => [400, `Failed to validate scheduler::Call: ${detail}`];

const WITH_MEMBER: readonly SchedulerCallType[] = [
  'ACCEPT',
  'DECLINE',
  'ACCEPT_INVERSE_OFFERS',
  'DECLINE_INVERSE_OFFERS',
  'KILL',
  'SHUTDOWN',
  'ACKNOWLEDGE',
  'ACKNOWLEDGE_OPERATION_STATUS',
  'RECONCILE',
  'RECONCILE_OPERATIONS',
  'MESSAGE',
  'REQUEST',
  'UPDATE_FRAMEWORK',
];

/** Section 2: checks of a request, in their order. */
export const checkRules: readonly Rule[] = [
  ...credentialRules,
  notYet(
    '§2 rows 3 to 5',
    'the one that answers is always the leader, and has recovered before it listens',
    'There is one control plane and no election, so no 307 or 503 of a standby; the services state their readiness at /readyz.',
    async (stage) => {
      expect((await stage.post({ headers: {} })).status).toBe(400);
      expect((await stage.post({ method: 'GET', path: '/readyz', headers: {} })).status).toBe(200);
    },
  ),
  rule('§2 row 6', 'another method than POST is refused', async (stage) => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await stage.post({ method });
      expect([answer.status, answer.headers.allow, answer.body]).toEqual([
        405,
        'POST',
        `405 Method Not Allowed. Expecting one of { 'POST' }, but received '${method}'.`,
      ]);
    }
  }),
  rule('§2 row 7', 'a missing Content-Type is refused', async (stage) => {
    const answer = await stage.post({ headers: {}, body: '{}' });
    expect([answer.status, answer.body]).toEqual([400, "Expecting 'Content-Type' to be present"]);
  }),
  rule('§2 row 8', 'an unsupported Content-Type is refused', async (stage) => {
    expect(await answerTo(stage, '{}', { 'Content-Type': 'text/plain' })).toEqual([
      415,
      "Expecting 'Content-Type' of application/json or application/x-protobuf",
    ]);
  }),
  ruleOf('protobuf', '§2 row 9', 'protobuf that does not parse is refused', async (stage) => {
    for (const body of [Buffer.from('{"type":"REVIVE"}'), Buffer.from([0x0a, 0xff]), Buffer.from([0x10, 0x01, 0x0a])]) {
      expect(await answerTo(stage, body)).toEqual([400, 'Failed to parse body into Call protobuf']);
    }
  }),
  ruleOf('JSON', '§2 row 10', 'JSON that does not parse is refused, and where is said', async (stage) => {
    const refused = 'Failed to parse body into JSON: syntax error at line';
    expect(await answerTo(stage, '')).toEqual([400, `${refused} 1 near: `]);
    expect(await answerTo(stage, '{"type":"SUBSCRIBE",')).toEqual([400, `${refused} 1 near: `]);
    expect(await answerTo(stage, '{\n"type":!}')).toEqual([400, `${refused} 2 near: !}`]);
  }),
  ruleOf('JSON', '§2 row 11', 'JSON that does not fit the message is refused, and why is said', async (stage) => {
    const refused = 'Failed to convert JSON into Call protobuf:';
    expect(await answerTo(stage, '[1]')).toEqual([400, `${refused} Expecting a JSON object`]);
    expect(await json(stage, { framework_id: 'x', type: 'REVIVE' })).toEqual([
      400,
      `${refused} Not expecting a JSON string for field 'framework_id'`,
    ]);
    expect(await json(stage, { type: 'SUBSCRIBE', subscribe: { framework_info: { name: 'x' } } })).toEqual([
      400,
      `${refused} Missing required fields: subscribe.framework_info.user`,
    ]);
    expect(await json(stage, { type: 'ACKNOWLEDGE', framework_id: { value: 'F' }, acknowledge: {} })).toEqual([
      400,
      `${refused} Missing required fields: acknowledge.agent_id, acknowledge.task_id, acknowledge.uuid`,
    ]);
  }),
  ruleOf('protobuf', '§2 row 12: initialised', 'protobuf without a required field is refused', async (stage) => {
    // SUBSCRIBE with an empty FrameworkInfo: field 2 = 1, field 3 = { field 1 = {} }.
    const answer = await answerTo(stage, Buffer.from([0x10, 0x01, 0x1a, 0x02, 0x0a, 0x00]));
    expect(answer[0]).toBe(400);
    expect(answer[1]).toMatch(/^Failed to (parse body into Call protobuf|validate scheduler::Call: Not initialized: )/);
  }),
  rule('§2 row 12: type', 'a call without a type is refused', async (stage) => {
    expect(await answerTo(stage, stage.encoding === 'JSON' ? '{}' : '')).toEqual(
      invalid("Expecting 'type' to be present"),
    );
  }),
  ruleOf('JSON', '§2 unknown type', 'an unknown name of a type counts as none', async (stage) => {
    expect(await json(stage, { type: 'FLY' })).toEqual(invalid("Expecting 'type' to be present"));
  }),
  ruleOf('protobuf', '§2 unknown type', 'an unknown number of a type counts as none', async (stage) => {
    expect(await answerTo(stage, Buffer.from([0x10, 0x7f]))).toEqual(invalid("Expecting 'type' to be present"));
  }),
  rule('§2 row 12: subscribe', 'SUBSCRIBE without its member is refused', async (stage) => {
    const body = stage.encoding === 'JSON' ? '{"type":"SUBSCRIBE"}' : Buffer.from([0x10, 0x01]);
    expect(await answerTo(stage, body)).toEqual(invalid("Expecting 'subscribe' to be present"));
  }),
  ruleOf(
    'JSON',
    '§2 row 12: ids of SUBSCRIBE',
    'the two framework ids of SUBSCRIBE must be the same',
    async (stage) => {
      const differs = invalid("'framework_id' differs from 'subscribe.framework_info.id'");
      const subscribe = (id?: string) => ({
        framework_info: { user: 'u', name: 'n', ...(id === undefined ? {} : { id: { value: id } }) },
      });
      const type = 'SUBSCRIBE';
      expect(await json(stage, { type, framework_id: { value: 'a' }, subscribe: subscribe('b') })).toEqual(differs);
      expect(await json(stage, { type, framework_id: { value: 'a' }, subscribe: subscribe() })).toEqual(differs);
      expect(await json(stage, { type, subscribe: subscribe('b') })).toEqual(differs);
    },
  ),
  ruleOf('JSON', '§2 row 12: framework_id', 'every other call needs a framework id', async (stage) => {
    for (const type of [...WITH_MEMBER, 'TEARDOWN', 'REVIVE', 'SUPPRESS']) {
      expect(await json(stage, { type })).toEqual(invalid("Expecting 'framework_id' to be present"));
    }
  }),
  rule('§2 row 12: member', 'calls but TEARDOWN, REVIVE and SUPPRESS need their member', async (stage) => {
    const scheduler = await stage.subscribe();
    for (const type of WITH_MEMBER) {
      expect(await called(scheduler, { type })).toEqual(invalid(`Expecting '${type.toLowerCase()}' to be present`));
    }
    for (const type of ['SUPPRESS', 'REVIVE', 'TEARDOWN']) expect(await called(scheduler, { type })).toEqual([202, '']);
  }),
  rule('§2 row 12: uuid', 'uuids have 16 bytes and an RFC 4122 version', async (stage) => {
    const scheduler = await stage.subscribe();
    const ids = { agent_id: { value: 'a' }, task_id: { value: 't' } };
    const versionless = Buffer.alloc(16, 0xff).toString('base64');
    for (const uuid of ['AAAA', versionless]) {
      expect(await called(scheduler, { type: 'ACKNOWLEDGE', acknowledge: { ...ids, uuid } })).toEqual(
        invalid('Not a valid UUID'),
      );
      const acknowledge_operation_status = { operation_id: { value: 'o' }, agent_id: { value: 'a' }, uuid };
      expect(await called(scheduler, { type: 'ACKNOWLEDGE_OPERATION_STATUS', acknowledge_operation_status })).toEqual(
        invalid('Not a valid UUID'),
      );
    }
  }),
  rule('§2 row 12: agent_id', 'ACKNOWLEDGE_OPERATION_STATUS needs an agent', async (stage) => {
    const scheduler = await stage.subscribe();
    const acknowledge_operation_status = { operation_id: { value: 'o' }, uuid: stage.uuid() };
    expect(await called(scheduler, { type: 'ACKNOWLEDGE_OPERATION_STATUS', acknowledge_operation_status })).toEqual(
      invalid("Expecting 'agent_id' to be present"),
    );
  }),
  rule('§2 row 12: UPDATE_FRAMEWORK', 'its two framework ids must be the same', async (stage) => {
    const scheduler = await stage.subscribe();
    for (const id of [{}, { id: { value: 'other' } }]) {
      const update_framework = { framework_info: frameworkInfo(id) };
      expect(await called(scheduler, { type: 'UPDATE_FRAMEWORK', update_framework })).toEqual(
        invalid("'framework_id' differs from 'update_framework.framework_info.id'"),
      );
    }
  }),
  rule(
    '§2 row 13',
    'an Accept that allows neither type is refused for the two calls that are streamed',
    async (stage) => {
      const refusal = [406, "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'"];
      const scheduler = await stage.subscribe();
      const reconcile_operations = { operations: [] };
      const html = { Accept: 'text/html' };
      expect(await called(scheduler, { type: 'RECONCILE_OPERATIONS', reconcile_operations }, html)).toEqual(refusal);
      if (stage.encoding === 'protobuf') return;
      const subscribe = { framework_info: frameworkInfo() };
      expect(await json(stage, { type: 'SUBSCRIBE', subscribe }, html)).toEqual(refusal);
    },
  ),
  ruleOf('JSON', '§2 row 14', 'SUBSCRIBE must not carry a stream id', async (stage) => {
    const subscribe = { framework_info: frameworkInfo() };
    expect(await json(stage, { type: 'SUBSCRIBE', subscribe }, { 'Mesos-Stream-Id': 'x' })).toEqual([
      400,
      "Subscribe calls should not include the 'Mesos-Stream-Id' header",
    ]);
  }),
  rule('§2 row 15', 'a framework that nobody knows, or that is completed, is not found', async (stage) => {
    const scheduler = await stage.subscribe();
    await scheduler.call({ type: 'TEARDOWN' });
    expect(await called(scheduler, { type: 'REVIVE' })).toEqual([400, 'Framework cannot be found']);
    scheduler.frameworkId = 'nobody';
    expect(await called(scheduler, { type: 'REVIVE' })).toEqual([400, 'Framework cannot be found']);
  }),
  rule('§2 row 17', 'a framework that is away is refused', async (stage) => {
    const scheduler = await stage.subscribe({ failover_timeout: 60 });
    scheduler.leave();
    await expect
      .poll(() => called(scheduler, { type: 'REVIVE' }), { timeout: 5_000 })
      .toEqual([403, 'Framework is not subscribed']);
  }),
  notYet(
    '§2 row 18',
    'every framework is connected by HTTP',
    'The old driver protocol is not spoken, so nobody can be connected by it.',
    async (stage) => expect((await (await stage.subscribe()).call({ type: 'REVIVE' })).status).toBe(202),
  ),
  rule('§2 row 19', 'a call without a stream id is refused', async (stage) => {
    const { frameworkId } = await stage.subscribe();
    const body = encodeCall(stage.encoding, { type: 'REVIVE', framework_id: { value: frameworkId } });
    expect(await answerTo(stage, body)).toEqual([
      400,
      "All non-subscribe calls should include the 'Mesos-Stream-Id' header",
    ]);
  }),
  rule('§2 row 20', 'a stale stream id is refused by name', async (stage) => {
    const scheduler = await stage.subscribe();
    expect(await called(scheduler, { type: 'REVIVE' }, { 'Mesos-Stream-Id': 'old' })).toEqual([
      400,
      "The stream ID 'old' included in this request didn't match the stream ID currently associated with framework ID " +
        scheduler.frameworkId,
    ]);
  }),
  rule('§2 row 21', 'a call of type UNKNOWN is not implemented', async (stage) => {
    const scheduler = await stage.subscribe();
    expect(await called(scheduler, { type: 'UNKNOWN' })).toEqual([501, '501 Not Implemented.']);
  }),
  rule('§2 row 22', 'a call that passes is accepted without a body', async (stage) => {
    expect(await called(await stage.subscribe(), { type: 'SUPPRESS' })).toEqual([202, '']);
  }),
  rule('§2 a bad call', 'never closes the subscription', async (stage) => {
    const scheduler = await stage.subscribe();
    await called(scheduler, { type: 'UNKNOWN' });
    await called(scheduler, { type: 'KILL' });
    await called(scheduler, { type: 'REVIVE' }, { 'Mesos-Stream-Id': 'old' });
    expect(await scheduler.settled()).toEqual([]);
    expect(scheduler.isEnded).toBe(false);
  }),
];
