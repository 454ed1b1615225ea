import { describe, expect, it } from 'vitest';
import { firstAcceptable, requestMediaType, responseMediaType } from './content-negotiation.js';
import { httpError } from './http-error.js';

describe('requestMediaType', () => {
  it.each(['application/json', 'application/x-protobuf'] as const)('takes %s', (mediaType) => {
    expect(requestMediaType(mediaType)).toEqual({ ok: true, mediaType });
  });

  it('wants the header', () => {
    expect(requestMediaType(undefined)).toEqual({
      ok: false,
      refusal: { kind: 'bad-request', message: "Expecting 'Content-Type' to be present" },
    });
  });

  it.each(['text/plain', 'application/json; charset=utf-8', 'Application/JSON', ''])('refuses %j', (contentType) => {
    expect(requestMediaType(contentType)).toEqual({
      ok: false,
      refusal: {
        kind: 'unsupported-media-type',
        message: "Expecting 'Content-Type' of application/json or application/x-protobuf",
      },
    });
  });
});

describe('responseMediaType', () => {
  it.each([
    undefined,
    '*/*',
    'application/*',
    'application/json',
    'application/x-protobuf, application/json;q=0.1',
    'text/html, */*;q=0.1',
  ])('chooses JSON for %j', (accept) => {
    expect(responseMediaType(accept)).toEqual({ ok: true, mediaType: 'application/json' });
  });

  it.each([
    'application/x-protobuf',
    'application/json;q=0, application/x-protobuf',
    'application/json;q=0, */*',
    'application/json; q=0.000,application/*',
    'APPLICATION/X-PROTOBUF',
  ])('chooses protobuf for %j', (accept) => {
    expect(responseMediaType(accept)).toEqual({ ok: true, mediaType: 'application/x-protobuf' });
  });

  it.each(['text/html', '', 'application', '*/*;q=0', 'application/json;q=0', 'a/b/c'])('refuses %j', (accept) => {
    const negotiated = responseMediaType(accept);
    expect(negotiated.ok ? undefined : httpError(negotiated.refusal)).toMatchObject({
      status: 406,
      body: "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
    });
  });
});

describe('firstAcceptable', () => {
  it('follows the preference of the server', () => {
    const candidates = ['application/json', 'application/x-protobuf', 'application/recordio'];
    expect(firstAcceptable('application/recordio, application/x-protobuf', candidates)).toBe('application/x-protobuf');
    expect(firstAcceptable('application/recordio', candidates)).toBe('application/recordio');
  });
});
