import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { discardRefusedBodies } from './discard-refused-bodies.js';

const LIMIT_BYTES = 1_000;
/** More than the buffers of both sockets hold. */
const BODY = Buffer.alloc(16 << 20, 'x');

let app: FastifyInstance;

async function serve(lingerMs?: number): Promise<Socket> {
  app = Fastify({ bodyLimit: LIMIT_BYTES });
  discardRefusedBodies(app, lingerMs);
  app.post('/', async () => 'taken');
  await app.listen({ port: 0, host: '127.0.0.1' });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

afterEach(() => app.close());

describe('a body that was refused before it came', () => {
  it.each([
    ['by its length', `content-length: ${BODY.length}\r\n\r\n`, BODY],
    [
      'by its chunks',
      'transfer-encoding: chunked\r\n\r\n',
      Buffer.concat([Buffer.from(`${BODY.length.toString(16)}\r\n`), BODY, Buffer.from('\r\n0\r\n\r\n')]),
    ],
  ])('%s is read to its end, and the connection goes on', async (_how, framing, body) => {
    const socket = await serve();
    let answer = '';
    let wrong: Error | undefined;
    socket.setEncoding('utf8').on('error', (error) => (wrong = error));
    socket.on('data', (data: string) => (answer += data));
    socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\n${framing}`);
    await new Promise((done) => socket.write(body, done));
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nhi');
    await expect.poll(() => answer, { timeout: 10_000 }).toContain('taken');
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(wrong).toBeUndefined();
    socket.destroy();
  });

  it('is waited for no longer than the time given', async () => {
    const socket = await serve(20);
    socket.on('error', () => undefined);
    socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: ${BODY.length}\r\n\r\nxx`);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 413 /);
  });
});
