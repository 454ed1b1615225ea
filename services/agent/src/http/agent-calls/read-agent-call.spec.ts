import { describe, expect, it } from 'vitest';
import { type AgentRequest, readAgentCall } from './read-agent-call.js';

const request = (body: string, more: Partial<AgentRequest> = {}): AgentRequest => ({
  method: 'POST',
  contentType: 'application/json',
  body: Buffer.from(body),
  ...more,
});
const refusal = (body: string, more: Partial<AgentRequest> = {}): unknown => {
  const read = readAgentCall(request(body, more), false);
  return read.ok ? read : read.refusal;
};
const bad = (message: string): unknown => ({ kind: 'bad-request', message });
const HEALTH = '{"type":"GET_HEALTH"}';
const SESSION =
  '{"type":"LAUNCH_NESTED_CONTAINER_SESSION","launch_nested_container_session":{"container_id":{"value":"n","parent":{"value":"p"}}}}';

describe('readAgentCall', () => {
  it('reads a call', () => {
    expect(readAgentCall(request(HEALTH), false)).toEqual({
      ok: true,
      call: { type: 'GET_HEALTH' },
      answer: { mediaType: 'application/json', isRecordIo: false },
    });
  });

  it('refuses everything while the agent recovers', () => {
    expect(readAgentCall(request('', { method: 'GET' }), true)).toEqual({
      ok: false,
      refusal: { kind: 'unavailable', message: 'Agent has not finished recovery' },
    });
  });

  it('refuses other methods before it looks at the body', () => {
    expect(refusal('{', { method: 'PUT' })).toEqual({
      kind: 'method-not-allowed',
      allowed: ['POST'],
      received: 'PUT',
    });
  });

  // The texts as Mesos' agent was recorded to answer them.
  it.each([
    ['{"type":"GET_METRICS"}', "Failed to validate agent::Call: Expecting 'get_metrics' to be present"],
    ['{"type":"NOSUCH"}', "Failed to validate agent::Call: Expecting 'type' to be present"],
    ['{}', "Failed to validate agent::Call: Expecting 'type' to be present"],
    ['{', 'Failed to parse body into JSON: syntax error at line 1 near: '],
    ['{"type":"READ_FILE"}', "Failed to validate agent::Call: Expecting 'read_file' to be present"],
  ])('refuses %s', (body, message) => {
    expect(refusal(body)).toEqual(bad(message));
  });

  it.each<[call: object, message: string]>([
    [
      { type: 'WAIT_CONTAINER', wait_container: { container_id: { value: 'a.b' } } },
      "'wait_container.container_id' is invalid: 'ContainerID.value' 'a.b' contains invalid characters",
    ],
    [
      { type: 'KILL_CONTAINER', kill_container: { container_id: { value: 'a', parent: { value: 'x y' } } } },
      "'kill_container.container_id' is invalid: 'ContainerID.parent' is invalid: 'ContainerID.value' 'x y' contains invalid characters",
    ],
    [
      { type: 'REMOVE_CONTAINER', remove_container: { container_id: { value: 'a/b' } } },
      "'remove_container.container_id' is invalid: 'a/b' contains invalid characters",
    ],
    [
      { type: 'LAUNCH_CONTAINER', launch_container: { container_id: { value: 'x'.repeat(243) } } },
      `'launch_container.container_id' is invalid: 'ContainerID.value' '${'x'.repeat(243)}' exceeds 242 characters`,
    ],
    [
      { type: 'LAUNCH_NESTED_CONTAINER', launch_nested_container: { container_id: { value: 'a' } } },
      "Expecting 'launch_nested_container.container_id.parent' to be present",
    ],
    [
      { type: 'WAIT_NESTED_CONTAINER', wait_nested_container: { container_id: { value: 'a' } } },
      "Expecting 'wait_nested_container.container_id.parent' to be present",
    ],
    [
      { type: 'ATTACH_CONTAINER_INPUT', attach_container_input: {} },
      "Expecting 'attach_container_input.type' to be present",
    ],
    [
      { type: 'ATTACH_CONTAINER_INPUT', attach_container_input: { type: 'CONTAINER_ID' } },
      "Expecting 'attach_container_input.container_id' to be present",
    ],
  ])('refuses the container of %j', (call, message) => {
    expect(refusal(JSON.stringify(call))).toEqual(bad(`Failed to validate agent::Call: ${message}`));
  });

  it.each([['GET_CONTAINERS'], ['PRUNE_IMAGES'], ['GET_RESOURCE_PROVIDERS']])('takes %s without a member', (type) => {
    expect(readAgentCall(request(`{"type":"${type}"}`), false)).toMatchObject({ ok: true, call: { type } });
  });

  it('answers only streamed calls by records', () => {
    expect(refusal(HEALTH, { accept: 'application/recordio' })).toEqual({
      kind: 'not-acceptable',
      message: "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
    });
    expect(readAgentCall(request(SESSION, { accept: 'application/recordio' }), false)).toMatchObject({
      ok: true,
      answer: { mediaType: 'application/json', isRecordIo: true },
    });
    expect(refusal(HEALTH, { messageAccept: 'application/json' })).toMatchObject({ kind: 'not-acceptable' });
  });

  it('takes input of a container only as records', () => {
    const body =
      '{"type":"ATTACH_CONTAINER_INPUT","attach_container_input":{"type":"CONTAINER_ID","container_id":{"value":"c"}}}';
    expect(refusal(body)).toMatchObject({ kind: 'unsupported-media-type' });
    expect(refusal(HEALTH, { contentType: 'application/recordio' })).toEqual(
      bad("Expecting 'Message-Content-Type' to be set for streaming requests"),
    );
    expect(
      refusal(HEALTH, { contentType: 'application/recordio', messageContentType: 'application/json' }),
    ).toMatchObject({ kind: 'unsupported-media-type' });
    expect(refusal(HEALTH, { messageContentType: 'application/json' })).toMatchObject({
      kind: 'unsupported-media-type',
    });
  });

  it('looks at what the client accepts last', () => {
    expect(refusal('{}', { accept: 'text/html' })).toMatchObject({ kind: 'bad-request' });
    expect(refusal(HEALTH, { accept: 'text/html' })).toMatchObject({ kind: 'not-acceptable' });
  });
});
