import { describe, expect, it } from 'vitest';
import { readCall } from './read-call.js';

const request = (body: string, more: Partial<Parameters<typeof readCall>[0]> = {}) => ({
  method: 'POST',
  contentType: 'application/json',
  accept: undefined,
  body: Buffer.from(body),
  ...more,
});

const refusal = (...args: Parameters<typeof request>): unknown => {
  const read = readCall(request(...args));
  return read.ok ? read : read.refusal;
};

const bad = (message: string): unknown => ({ kind: 'bad-request', message });

describe('readCall', () => {
  it('reads a call without a member', () => {
    expect(readCall(request('{"type":"GET_HEALTH"}'))).toEqual({
      ok: true,
      call: { type: 'GET_HEALTH' },
      mediaType: 'application/json',
    });
  });

  it('refuses other methods', () => {
    expect(refusal('', { method: 'GET' })).toEqual({ kind: 'method-not-allowed', allowed: ['POST'], received: 'GET' });
  });

  it('refuses bodies of no or another type', () => {
    expect(refusal('{}', { contentType: undefined })).toEqual(bad("Expecting 'Content-Type' to be present"));
    expect(refusal('{}', { contentType: 'text/plain' })).toMatchObject({ kind: 'unsupported-media-type' });
  });

  it.each([
    ['{', 'Failed to parse body into JSON: syntax error at line 1 near: '],
    ['[1]', 'Failed to convert JSON into Call protobuf: Expecting a JSON object'],
    ['{}', "Failed to validate master::Call: Expecting 'type' to be present"],
    ['{"type":"NOSUCH"}', "Failed to validate master::Call: Expecting 'type' to be present"],
    ['{"type":"GET_METRICS"}', "Failed to validate master::Call: Expecting 'get_metrics' to be present"],
    ['{"type":"READ_FILE"}', "Failed to validate master::Call: Expecting 'read_file' to be present"],
  ])('refuses %s', (body, message) => {
    expect(refusal(body)).toEqual(bad(message));
  });

  it('checks what the client accepts last', () => {
    expect(refusal('{"type":"GET_HEALTH"}', { accept: 'text/html' })).toEqual({
      kind: 'not-acceptable',
      message: "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
    });
    expect(refusal('{}', { accept: 'text/html' })).toMatchObject({ kind: 'bad-request' });
  });
});
