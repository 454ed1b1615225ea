import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeClock } from '@tranche/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImageError } from '../image.errors.js';
import { RegistrySession } from './registry-session.js';

describe('RegistrySession', () => {
  let server: Server;
  let base: string;
  /** What is answered where tokens are given. */
  let answer: string;
  const shown: (string | undefined)[] = [];

  beforeEach(async () => {
    shown.length = 0;
    server = createServer(({ url, headers }, response) => {
      if (url?.startsWith('/token') === true) return void response.end(answer);
      shown.push(headers.authorization);
      if (headers.authorization !== undefined) return void response.end('{}');
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${base}/token"` }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = () =>
    new RegistrySession(
      { name: 'x:1', registry: base, repository: 'x' },
      undefined,
      { stallTimeoutMs: 60_000, clock: new FakeClock() },
      new AbortController().signal,
    ).manifest('1');

  it.each(['token', 'access_token'])('shows the %s that it is given', async (member) => {
    answer = JSON.stringify({ [member]: 'abc.DEF-_~+/=' });
    expect((await ask()).bytes.toString()).toBe('{}');
    expect(shown).toEqual([undefined, 'Bearer abc.DEF-_~+/=']);
  });

  it.each([
    'secret of something that is no registry',
    'null',
    '"secret"',
    '[]',
    '{}',
    '{"token":1}',
    '{"token":""}',
    '{"token":"secret\\nof two lines"}',
    '{"token":"secret ü"}',
  ])('tells nothing of an answer that holds none: %s', async (given) => {
    answer = given;
    const error: unknown = await ask().catch((fault: unknown) => fault);
    expect(error).toBeInstanceOf(ImageError);
    expect(error).toMatchObject({
      fault: 'unauthorized',
      message: `${base} does not give x:1 to nobody: ${base}/token answers without a token`,
    });
    expect(shown).toEqual([undefined]);
  });
});
