import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { encodeRecord } from '@tranche/mesos-api';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProxy } from './proxy.js';

/** Reads an answer as it comes over the wire: its chunks, not what a library makes of them. */
class RawAnswer {
  private text = '';
  readonly socket: Socket;

  constructor(port: number, request: string) {
    this.socket = connect(port, '127.0.0.1', () => this.socket.write(request));
    this.socket.on('data', (data: Buffer) => (this.text += data.toString('latin1')));
    this.socket.on('error', () => undefined);
  }

  get head(): string {
    return this.text.split('\r\n\r\n')[0] ?? '';
  }

  /** Bodies of the chunks so far. */
  get chunks(): string[] {
    let rest = this.text.slice(this.text.indexOf('\r\n\r\n') + 4);
    const chunks: string[] = [];
    for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
      const size = Number.parseInt(rest.slice(0, end), 16);
      if (!(rest.length >= end + 2 + size + 2)) break;
      chunks.push(rest.slice(end + 2, end + 2 + size));
      rest = rest.slice(end + 2 + size + 2);
    }
    return chunks;
  }
}

describe('the proxy before separate processes', () => {
  let proxy: FastifyInstance;
  let upstream: Server;
  let streams: ServerResponse[];
  let seen: { url: string | undefined; host: string | undefined; body: string }[];
  let where: Record<string, string | undefined>;
  let port: number;

  beforeEach(async () => {
    streams = [];
    seen = [];
    upstream = createServer((request, response) => {
      let body = '';
      request.on('data', (data: Buffer) => (body += data.toString()));
      request.on('end', () => {
        seen.push({ url: request.url, host: request.headers.host, body });
        if (request.url?.includes('/api/v1/scheduler')) {
          response.writeHead(200, { 'content-type': 'application/json', 'mesos-stream-id': 's' });
          response.flushHeaders();
          streams.push(response);
        } else response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
      });
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', () => resolve()));
    const address = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    where = { offers: address, registry: address };
    proxy = await openProxy((service) => where[service]);
    await proxy.listen({ port: 0, host: '127.0.0.1' });
    port = (proxy.server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    await proxy.close();
    upstream.closeAllConnections();
    await new Promise((resolve) => upstream.close(resolve));
  });

  const subscribe = (): RawAnswer =>
    new RawAnswer(
      port,
      'POST /master/api/v1/scheduler HTTP/1.1\r\nHost: cluster:5050\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
    );
  const streamed = async (): Promise<ServerResponse> => {
    await expect.poll(() => streams.length).toBe(1);
    return streams[0] as ServerResponse;
  };

  it('sends a request on as it is, and says whose address was asked', async () => {
    subscribe();
    await streamed();
    expect(seen).toEqual([{ url: '/master/api/v1/scheduler', host: 'cluster:5050', body: '{}' }]);
  });

  it('gives each record of an event stream as one chunk, however its bytes come in', async () => {
    const answer = subscribe();
    const stream = await streamed();
    const records = ['{"type":"SUBSCRIBED"}', '{"type":"HEARTBEAT"}', `{"long":"${'x'.repeat(200_000)}"}`].map((text) =>
      encodeRecord(text).toString('latin1'),
    );
    const [first = '', second = '', third = ''] = records;
    stream.write(first + second.slice(0, 5));
    await expect.poll(() => answer.chunks).toEqual([first]);
    stream.write(second.slice(5) + third.slice(0, 100_000));
    await expect.poll(() => answer.chunks).toEqual([first, second]);
    stream.end(third.slice(100_000));
    await expect.poll(() => answer.chunks).toEqual([first, second, third, '']);
    expect(answer.head).toContain('mesos-stream-id: s');
  });

  it('sends on the head of an answer that has nothing to say yet', async () => {
    const answer = subscribe();
    await streamed();
    await expect.poll(() => answer.head).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*transfer-encoding: chunked/i);
    expect(answer.chunks).toEqual([]);
  });

  it('ends the request at the service when the client goes', async () => {
    const answer = subscribe();
    const stream = await streamed();
    stream.write(encodeRecord('{}'));
    await expect.poll(() => answer.chunks.length).toBe(1);
    const closed = new Promise((resolve) => stream.once('close', resolve));
    answer.socket.destroy();
    await closed;
    expect(stream.writableFinished).toBe(false);
  });

  it('ends the stream of the client when the service goes', async () => {
    const answer = subscribe();
    const ended = new Promise((resolve) => answer.socket.once('close', resolve));
    const stream = await streamed();
    stream.write(encodeRecord('{}'));
    await expect.poll(() => answer.chunks.length).toBe(1);
    stream.destroy();
    await ended;
  });

  it('says which service does not answer, and never sends a request twice', async () => {
    where['offers'] = undefined;
    const answer = await fetch(`http://127.0.0.1:${port}/frameworks`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await answer.text()).toBe('service offers does not answer: it is not running');
    where['offers'] = 'http://127.0.0.1:1';
    const refused = await fetch(`http://127.0.0.1:${port}/v1/tasks?limit=1`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toEqual({
      ...{ type: '/problems/service.away', title: 'Service away', status: 503, code: 'service.away' },
      detail: expect.stringMatching(/^service offers does not answer: .*ECONNREFUSED/),
      ...{ hints: ['tranche doctor'], instance: '/v1/tasks' },
    });
    expect(await (await fetch(`http://127.0.0.1:${port}/state`)).json()).toEqual({ ok: true });
    expect(seen).toHaveLength(1);
  });
});
