import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { CallConnection } from './call-connection.js';
import { systemClock } from './clock.js';
import { CallLostError } from './scheduler.errors.js';
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
});
