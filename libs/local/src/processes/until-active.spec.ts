import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { untilActive, untilReady } from './until-active.js';

let server: Server | undefined;
afterEach(() => new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve()))));

/** A process whose `/readyz` gives these answers one after another, the last for ever. */
async function answering(...answers: object[]): Promise<string> {
  server = createServer((_request, response) => {
    const [answer = {}] = answers.length > 1 ? answers.splice(0, 1) : answers;
    response.setHeader('connection', 'close').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', () => resolve()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('waits for a replica until it is elected and has what it needs', async () => {
  const address = await answering({ ready: true, role: 'standby' }, { ready: false }, { ready: true });
  expect(
    await untilActive(
      () => [address],
      () => false,
    ),
  ).toBe(true);
});

it('gives up when the process has ended', async () => {
  const address = await answering({ ready: false });
  let looks = 0;
  expect(
    await untilActive(
      () => [address],
      () => ++looks > 2,
    ),
  ).toBe(false);
});

it('takes one that stands by for ready, not for active', async () => {
  const address = await answering({ ready: false }, { ready: true, role: 'standby' });
  expect(await untilReady(address, () => false)).toBe(true);
  let looks = 0;
  expect(
    await untilActive(
      () => [address],
      () => ++looks > 2,
    ),
  ).toBe(false);
});
