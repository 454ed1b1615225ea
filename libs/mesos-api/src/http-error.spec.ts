import { describe, expect, it } from 'vitest';
import type { ApiRefusal, HttpError } from './http-error.js';
import { httpError } from './http-error.js';

const plain = { 'Content-Type': 'text/plain; charset=utf-8' };

describe('httpError', () => {
  it.each<[ApiRefusal, HttpError]>([
    [
      { kind: 'bad-request', message: 'Framework cannot be found' },
      { status: 400, headers: plain, body: 'Framework cannot be found' },
    ],
    [
      { kind: 'unauthenticated', realm: 'mesos-master-scheduler' },
      {
        status: 401,
        headers: { ...plain, 'WWW-Authenticate': 'Basic realm="mesos-master-scheduler"' },
        body: '401 Unauthorized.',
      },
    ],
    [
      { kind: 'unauthenticated', realm: 'mesos-agent-executor', scheme: 'Bearer' },
      {
        status: 401,
        headers: { ...plain, 'WWW-Authenticate': 'Bearer realm="mesos-agent-executor"' },
        body: '401 Unauthorized.',
      },
    ],
    [{ kind: 'forbidden' }, { status: 403, headers: plain, body: '403 Forbidden.' }],
    [
      { kind: 'forbidden', message: 'Framework is not subscribed' },
      { status: 403, headers: plain, body: 'Framework is not subscribed' },
    ],
    [{ kind: 'not-found' }, { status: 404, headers: plain, body: '404 Not Found.' }],
    [
      { kind: 'method-not-allowed', allowed: ['GET', 'PUT'], received: 'DELETE' },
      {
        status: 405,
        headers: { ...plain, Allow: 'GET, PUT' },
        body: "405 Method Not Allowed. Expecting one of { 'GET', 'PUT' }, but received 'DELETE'.",
      },
    ],
    [
      { kind: 'not-acceptable', message: 'm' },
      { status: 406, headers: plain, body: 'm' },
    ],
    [
      { kind: 'conflict', message: 'm' },
      { status: 409, headers: plain, body: 'm' },
    ],
    [
      { kind: 'too-large', maxBytes: 1024 },
      { status: 413, headers: plain, body: '413 Payload Too Large. Expecting at most 1024 bytes.' },
    ],
    [
      { kind: 'unsupported-media-type', message: 'm' },
      { status: 415, headers: plain, body: 'm' },
    ],
    [
      { kind: 'failed', message: 'failed to decode body' },
      { status: 500, headers: plain, body: 'failed to decode body' },
    ],
    [{ kind: 'not-implemented' }, { status: 501, headers: plain, body: '501 Not Implemented.' }],
    [
      { kind: 'not-implemented', call: 'ACCEPT_INVERSE_OFFERS' },
      { status: 501, headers: plain, body: '501 Not Implemented. (ACCEPT_INVERSE_OFFERS)' },
    ],
    [
      { kind: 'unavailable', message: 'No leader elected' },
      { status: 503, headers: plain, body: 'No leader elected' },
    ],
    [
      { kind: 'unavailable', message: 'm', retryAfterSeconds: 2 },
      { status: 503, headers: { ...plain, 'Retry-After': '2' }, body: 'm' },
    ],
    [
      { kind: 'redirect', authority: 'm1:5050', target: '/master/state?a=b' },
      { status: 307, headers: { Location: '//m1:5050/master/state?a=b' }, body: '' },
    ],
  ])('answers %j', (refusal, answer) => {
    expect(httpError(refusal)).toEqual(answer);
  });
});
