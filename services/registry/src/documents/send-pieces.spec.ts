import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendPieces } from './send-pieces.js';

const PIECE = Buffer.alloc(1 << 20);
/** Far more than the buffers of a connection hold. */
const PIECES = 200;

let app: FastifyInstance;
let url: string;
let taken: number;
let isOver: boolean;

/** Notes how many of the pieces are taken, and when no more will be. */
function* noted(): ArrayIterator<Buffer> {
  try {
    for (; taken < PIECES; taken++) yield PIECE;
  } finally {
    isOver = true;
  }
}

beforeEach(async () => {
  taken = 0;
  isOver = false;
  const pieces = Object.assign(Array<Buffer>(PIECES).fill(PIECE), { [Symbol.iterator]: noted });
  app = Fastify();
  for (const sizeBytes of [1_000, 2_000]) {
    const document = { pieces: [PIECE.subarray(0, sizeBytes)], type: 'application/json' };
    app.get(`/${sizeBytes}`, (request, reply) => sendPieces(request, reply, document));
  }
  app.get('/state', (request, reply) => sendPieces(request, reply, { pieces, type: 'application/json' }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/state`;
});
afterEach(() => app.close());

async function asked(): Promise<IncomingMessage> {
  const [answer] = (await once(get(url), 'response')) as [IncomingMessage];
  return answer;
}

/** Until nothing moves. */
async function stalled(): Promise<void> {
  for (let before = -1; before < taken; ) {
    before = taken;
    for (let turn = 0; turn < 100; turn++) await nextTurn();
  }
}

describe('a document in pieces', () => {
  it('is sent as fast as its reader reads', async () => {
    const answer = await asked();
    await stalled();
    expect(taken).toBeLessThan(PIECES / 2);
    let sizeBytes = 0;
    for await (const chunk of answer) sizeBytes += (chunk as Buffer).length;
    expect([sizeBytes, isOver]).toEqual([PIECES * PIECE.length, true]);
  });

  it('is let go of when its reader goes', async () => {
    const answer = await asked();
    await stalled();
    answer.destroy();
    await expect.poll(() => isOver).toBe(true);
    expect(taken).toBeLessThan(PIECES / 2);
  });

  it('is compressed for a reader that takes that, unless it is small', async () => {
    const headersFor = async (url: string, accepted: string): Promise<unknown> => {
      const { headers } = await app.inject({ url, headers: { 'accept-encoding': accepted } });
      return [headers['content-encoding'], headers['content-length']];
    };
    expect(await headersFor('/2000', 'deflate, gzip')).toEqual(['gzip', undefined]);
    expect(await headersFor('/2000', 'gzip;q=0')).toEqual([undefined, '2000']);
    expect(await headersFor('/1000', 'gzip')).toEqual([undefined, '1000']);
  });
});
