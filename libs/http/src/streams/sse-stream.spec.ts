import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lastEventId, SseStream, wantsStream } from './sse-stream.js';

describe('SseStream', () => {
  const server = createServer((_request, response) => {
    stream = new SseStream(response, { info: (...line) => void logged.push(line) }, () => (hasEnded = true), {
      'trace-id': 't',
    });
  });
  const logged: unknown[] = [];
  let stream: SseStream | undefined;
  let hasEnded = false;
  let answer: IncomingMessage;
  let told = '';

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    told = '';
    hasEnded = false;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    [answer] = (await once(get({ port, host: '127.0.0.1', path: '/v1/events' }), 'response')) as [IncomingMessage];
    answer.on('data', (chunk: Buffer) => (told += chunk.toString()));
    answer.on('error', () => undefined);
  });
  afterEach(() => {
    vi.useRealTimers();
    server.close();
    server.closeAllConnections();
  });

  it('says a comment every fifteen seconds, so that silence is noticed, and none once the client has gone', async () => {
    expect([answer.headers['content-type'], answer.headers['trace-id']]).toEqual(['text/event-stream', 't']);
    vi.advanceTimersByTime(14_999);
    stream?.send([{ event: 'changed', data: { a: 1 }, id: 's:1' }]);
    await expect.poll(() => told).toBe('event: changed\nid: s:1\ndata: {"a":1}\n\n');
    vi.advanceTimersByTime(1);
    await expect.poll(() => told).toMatch(/\n\n:\n\n$/);
    vi.advanceTimersByTime(30_000);
    await expect.poll(() => told.match(/^:$/gm)?.length).toBe(3);
    answer.destroy();
    await expect.poll(() => hasEnded).toBe(true);
    expect([stream?.isClosed, vi.getTimerCount()]).toEqual([true, 0]);
  });

  it('is cut off with a line in the log when its client reads too slowly', async () => {
    answer.pause();
    const event = { event: 'changed', data: 'x'.repeat(1 << 20) };
    for (let n = 0; n < 40; n++) stream?.send([event]);
    await expect.poll(() => hasEnded).toBe(true);
    expect(logged).toEqual([
      [
        'a stream is cut off: its client reads too slowly',
        { path: '/v1/events', unreadBytes: expect.any(Number), maxUnreadBytes: 16 << 20 },
      ],
    ]);
    expect((logged as [string, { unreadBytes: number }][])[0]?.[1].unreadBytes).toBeGreaterThan(16 << 20);
  });

  it('is wanted by its type among others, and goes on behind an id', () => {
    expect(wantsStream({ headers: { accept: 'application/json, text/event-stream;q=0.9' } })).toBe(true);
    expect(wantsStream({ headers: { accept: 'text/event-streams-not' } })).toBe(false);
    expect(wantsStream({ headers: {} })).toBe(false);
    expect([lastEventId({ headers: { 'last-event-id': 's:1' } }), lastEventId({ headers: {} })]).toEqual([
      's:1',
      undefined,
    ]);
  });
});
