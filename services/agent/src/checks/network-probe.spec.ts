import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { probeNetwork } from './network-probe.js';

const never = new AbortController().signal;

describe('probeNetwork', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  const listen = async (listener: RequestListener, host = '127.0.0.1'): Promise<number> => {
    const started = createServer(listener);
    server = started;
    await new Promise<void>((resolve) => started.listen(0, host, resolve));
    return (started.address() as AddressInfo).port;
  };
  const page = (port: number, path: string, host = '127.0.0.1') =>
    ({ kind: 'http', scheme: 'http', host, port, path }) as const;

  it('tells whether somebody listens', async () => {
    const port = await listen(() => undefined);
    expect(await probeNetwork({ kind: 'tcp', host: '127.0.0.1', port }, never)).toEqual({
      kind: 'tcp',
      succeeded: true,
    });
    server?.close();
    await new Promise((resolve) => server?.once('close', resolve));
    expect(await probeNetwork({ kind: 'tcp', host: '127.0.0.1', port }, never)).toMatchObject({
      kind: 'tcp',
      succeeded: false,
    });
  });

  it('tells the status of a page, that of the last after redirects', async () => {
    const port = await listen((asked, answer) => {
      if (asked.url === '/moved') answer.writeHead(302, { location: '/gone' }).end();
      else answer.writeHead(asked.url === '/gone' ? 410 : 204).end();
    });
    expect(await probeNetwork(page(port, '/'), never)).toEqual({ kind: 'http', statusCode: 204 });
    expect(await probeNetwork(page(port, ''), never)).toEqual({ kind: 'http', statusCode: 204 });
    expect(await probeNetwork(page(port, '/moved'), never)).toEqual({ kind: 'http', statusCode: 410 });
  });

  it('asks IPv6 addresses', async (context) => {
    const port = await listen((_, answer) => void answer.end(), '::1').catch(() => 0);
    if (port === 0) context.skip('this machine has no IPv6');
    expect(await probeNetwork(page(port, '/', '::1'), never)).toEqual({ kind: 'http', statusCode: 200 });
    expect(await probeNetwork({ kind: 'tcp', host: '::1', port }, never)).toMatchObject({ succeeded: true });
  });

  it('has no result when the connection fails, the answer breaks off or time is up', async () => {
    const port = await listen((asked, answer) => {
      if (asked.url !== '/cut') return;
      answer.writeHead(200, { 'content-length': '10' });
      answer.write('x', () => answer.destroy());
    });
    expect(await probeNetwork(page(port, '/cut'), never)).toMatchObject({ kind: 'http', fault: expect.any(String) });
    expect(await probeNetwork(page(port, '/silent'), AbortSignal.timeout(20))).toEqual({
      kind: 'http',
      fault: 'timed out',
    });
    expect(await probeNetwork(page(1, '/'), never)).not.toHaveProperty('statusCode');
  });
});
