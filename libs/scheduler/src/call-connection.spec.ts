import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { CallConnection } from './call-connection.js';
import { systemClock } from './clock.js';
import { CallLostError, CallRefusedError } from './scheduler.errors.js';
import { JSON_FORMAT } from './wire-format.js';

describe('CallConnection', () => {
  it('tells a call as lost when the connection breaks at the second attempt, too', async () => {
    let requests = 0;
    const server = createServer((request) => {
      requests++;
      request.socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const context = { clock: systemClock, format: JSON_FORMAT, headers: {}, responseTimeoutMs: 10_000 };
    const connection = new CallConnection(url, 'stream', context);
    await expect(connection.send({ type: 'REVIVE' })).rejects.toBeInstanceOf(CallLostError);
    expect(requests).toBe(2);
    connection.close();
    server.close();
  });

  it.each([
    [502, CallLostError],
    [504, CallLostError],
    [503, CallRefusedError],
  ])('takes status %i for what it says of the fate of a call', async (status, kind) => {
    const server = createServer((_request, response) => void response.writeHead(status).end('a text'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const context = { clock: systemClock, format: JSON_FORMAT, headers: {}, responseTimeoutMs: 10_000 };
    const connection = new CallConnection(url, 'stream', context);
    const error: unknown = await connection.send({ type: 'ACCEPT' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(kind);
    expect(String(error)).toContain(`status ${status}: a text`);
    connection.close();
    server.close();
  });
});
