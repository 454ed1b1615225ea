import { gzipSync } from 'node:zlib';
import fastify from 'fastify';
import { expect, it } from 'vitest';
import { inflateBodies } from './inflate-bodies.js';

const LIMIT = 1_000;

async function post(payload: Buffer | string, encoding = 'gzip'): Promise<[number, string]> {
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  inflateBodies(app, LIMIT);
  app.post('/', async (request) => String(request.body));
  const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
  const answer = await app.inject({ method: 'POST', url: '/', headers, payload });
  return [answer.statusCode, answer.statusCode === 413 ? '' : answer.body];
}

it('reads a body that is compressed with gzip', async () => {
  expect(await post(gzipSync('{"type":"REVIVE"}'))).toEqual([200, '{"type":"REVIVE"}']);
});

it('answers in the recorded words when the body is not what its header says', async () => {
  expect(await post('{"type":"REVIVE"}')).toEqual([500, 'failed to decode body']);
  expect(await post(gzipSync('{"type":"REVIVE"}').subarray(0, 20))).toEqual([500, 'failed to decode body']);
});

it('refuses one that inflates to more than the limit', async () => {
  expect(await post(gzipSync('x'.repeat(LIMIT)))).toEqual([200, 'x'.repeat(LIMIT)]);
  expect(await post(gzipSync('x'.repeat(LIMIT + 1)))).toEqual([413, '']);
});

it('leaves a body with another encoding as it is', async () => {
  expect(await post('plain', 'br')).toEqual([200, 'plain']);
});
