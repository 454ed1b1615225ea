import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import fastify from 'fastify';
import { expect, it } from 'vitest';
import { inflateBodies } from './inflate-bodies.js';

const LIMIT = 1_000;

async function post(payload: Buffer | string, encoding = 'gzip', type = 'application/json'): Promise<[number, string]> {
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addContentTypeParser('application/recordio', (_request, stream, done) => done(null, stream));
  inflateBodies(app, LIMIT);
  app.post('/', async ({ body }) => (body instanceof Readable ? text(body) : String(body)));
  const headers = { 'content-type': type, 'content-encoding': encoding };
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

it('inflates a stream of records as it comes, however long', async () => {
  const records = `${LIMIT * 3}\n${'x'.repeat(LIMIT * 3)}`;
  expect(await post(gzipSync(records), 'gzip', 'application/recordio')).toEqual([200, records]);
  expect(await post('2\n{}', 'identity', 'application/recordio')).toEqual([200, '2\n{}']);
});
