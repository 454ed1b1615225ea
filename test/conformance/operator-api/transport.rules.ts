import { type MasterCallType, messageTypes, encodeBody } from '@tranche/mesos-api';
import { expect } from 'vitest';
import { CREDENTIAL_RULES } from './credentials.rules.js';
import { type OperatorRule, rule } from './operator-rule.js';
import type { OperatorStage } from './operator-stage.js';

const HEALTH = '{"type":"GET_HEALTH"}';
const JSON_TYPE = 'application/json';

const sent = async (
  stage: OperatorStage,
  body: string | Buffer,
  headers: Record<string, string> = { 'content-type': JSON_TYPE },
): Promise<[status: number, text: string]> => {
  const { status, text } = await stage.send('POST', '/api/v1', Buffer.from(body), headers);
  return [status, text];
};

/** Calls that need a member of their name. */
const WITH_MEMBER: readonly MasterCallType[] = [
  'GET_METRICS',
  'SET_LOGGING_LEVEL',
  'LIST_FILES',
  'READ_FILE',
  'UPDATE_WEIGHTS',
  'RESERVE_RESOURCES',
  'UNRESERVE_RESOURCES',
  'CREATE_VOLUMES',
  'DESTROY_VOLUMES',
  'GROW_VOLUME',
  'SHRINK_VOLUME',
  'UPDATE_MAINTENANCE_SCHEDULE',
  'START_MAINTENANCE',
  'STOP_MAINTENANCE',
  'DRAIN_AGENT',
  'DEACTIVATE_AGENT',
  'REACTIVATE_AGENT',
  'UPDATE_QUOTA',
  'SET_QUOTA',
  'REMOVE_QUOTA',
  'TEARDOWN',
  'MARK_AGENT_GONE',
];

/** What holds of every call. */
export const TRANSPORT_RULES: readonly OperatorRule[] = [
  ...CREDENTIAL_RULES,
  rule(
    '§1 rows 3, 4',
    'the one that answers always leads, and has recovered before it listens',
    async (stage) => {
      expect((await sent(stage, HEALTH))[0]).toBe(200);
      expect(await stage.json('/metrics/snapshot')).toMatchObject({ 'master/elected': 1 });
    },
    'There is one control plane and no election, so no 307 or 503 of a standby.',
  ),
  rule('§1 row 5', 'any method but POST is refused with what is allowed', async (stage) => {
    const { status, headers, text } = await stage.get('/api/v1', { 'content-type': JSON_TYPE });
    expect([status, headers['allow'], text]).toEqual([
      405,
      'POST',
      "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
    ]);
  }),
  rule('§1 row 6', 'a content type is needed, and has to be one of two', async (stage) => {
    expect(await sent(stage, HEALTH, {})).toEqual([400, "Expecting 'Content-Type' to be present"]);
    expect(await sent(stage, HEALTH, { 'content-type': 'text/plain' })).toEqual([
      415,
      "Expecting 'Content-Type' of application/json or application/x-protobuf",
    ]);
  }),
  rule('§1 row 7', 'a body that cannot be read is refused with what is wrong in it', async (stage) => {
    expect(await sent(stage, '{')).toEqual([400, 'Failed to parse body into JSON: syntax error at line 1 near: ']);
    expect(await sent(stage, '[]')).toEqual([
      400,
      expect.stringMatching(/^Failed to (parse body into JSON|convert JSON)/),
    ]);
    expect(await sent(stage, '{"type":"TEARDOWN","teardown":{"framework_id":7}}')).toEqual([
      400,
      expect.stringMatching(/^Failed to convert JSON into Call protobuf: /),
    ]);
    expect(await sent(stage, 'no protobuf', { 'content-type': 'application/x-protobuf' })).toEqual([
      400,
      'Failed to parse body into Call protobuf',
    ]);
  }),
  rule('§1 row 7 unknown fields', 'fields that nobody knows are passed over', async (stage) => {
    expect((await sent(stage, '{"type":"GET_HEALTH","x":1}'))[0]).toBe(200);
  }),
  rule('§1 row 8', 'a call without its type, or of an unknown one, is refused', async (stage) => {
    const lacking = [400, "Failed to validate master::Call: Expecting 'type' to be present"];
    expect(await sent(stage, '{}')).toEqual(lacking);
    expect(await sent(stage, '{"type":"NOSUCH"}')).toEqual(lacking);
  }),
  ...WITH_MEMBER.map((type) =>
    rule(`§1 row 8 ${type}`, 'it needs its member', async (stage) => {
      const member = type.toLowerCase();
      const lacking = `Failed to validate master::Call: Expecting '${member}' to be present`;
      expect(await stage.told({ type })).toEqual([400, lacking]);
    }),
  ),
  rule(
    '§1 row 9',
    'the answer is JSON or protobuf as the client prefers, JSON if it does not say, else 406',
    async (stage) => {
      const typeOf = async (accept?: string) => {
        const headers = { 'content-type': JSON_TYPE, ...(accept === undefined ? {} : { accept }) };
        const { status, headers: answered, text } = await stage.send('POST', '/api/v1', Buffer.from(HEALTH), headers);
        return status === 200 ? answered['content-type'] : [status, text];
      };
      expect(await typeOf()).toBe(JSON_TYPE);
      expect(await typeOf('*/*')).toBe(JSON_TYPE);
      expect(await typeOf('application/x-protobuf')).toBe('application/x-protobuf');
      expect(await typeOf('application/x-protobuf, application/json')).toBe(JSON_TYPE);
      expect(await typeOf('text/html')).toEqual([
        406,
        "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
      ]);
    },
  ),
  rule('§1 row 10', 'UNKNOWN is not implemented', async (stage) => {
    expect((await stage.told({ type: 'UNKNOWN' }))[0]).toBe(501);
  }),
  rule('§1 aliases', 'it is also at /master/api/v1, and below itself', async (stage) => {
    const body = encodeBody(messageTypes.MasterCall, stage.mediaType, { type: 'GET_HEALTH' });
    for (const path of ['/api/v1/', '/master/api/v1', '/api/v1/operator']) {
      const { status } = await stage.send('POST', path, body, { 'content-type': stage.mediaType });
      expect([path, status]).toEqual([path, 200]);
    }
  }),
];
