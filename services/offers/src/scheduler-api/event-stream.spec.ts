import { describe, expect, it } from 'vitest';
import { OutgoingEvent } from '../frameworks/scheduler-stream.port.js';
import { EventStream, type StreamResponse } from './event-stream.js';

/** A response whose client reads nothing. */
class UnreadResponse implements StreamResponse {
  readonly chunks: string[] = [];
  writableLength = 0;
  writableFinished = false;
  isDestroyed = false;

  write(chunk: Buffer): boolean {
    this.chunks.push(chunk.toString('latin1'));
    this.writableLength += chunk.length;
    return false;
  }
  end(): void {
    this.writableFinished = true;
  }
  destroy(): void {
    this.isDestroyed = true;
  }
}

function open(maxBufferedBytes = 1000): { response: UnreadResponse; stream: EventStream } {
  const response = new UnreadResponse();
  const options = { streamId: 's', mediaType: 'application/json' as const, maxBufferedBytes };
  return { response, stream: new EventStream(response, options) };
}

describe('EventStream', () => {
  it('writes each record in one write, length and body together', () => {
    const { response, stream } = open();
    stream.send(new OutgoingEvent({ type: 'ERROR', error: { message: 'Framework failed over' } }));
    stream.send(new OutgoingEvent({ type: 'HEARTBEAT' }));
    expect(response.chunks).toEqual([
      '60\n{"type":"ERROR","error":{"message":"Framework failed over"}}',
      '20\n{"type":"HEARTBEAT"}',
    ]);
  });

  it('escapes what is not ASCII', () => {
    const { response, stream } = open();
    stream.send(new OutgoingEvent({ type: 'ERROR', error: { message: 'ä€' } }));
    expect(response.chunks[0]).toContain('\\u00E4\\u20AC');
  });

  it('encodes an event once for all streams of a content type', () => {
    const event = new OutgoingEvent({ type: 'HEARTBEAT' });
    let encodings = 0;
    const encode = (): Buffer => Buffer.from(String(++encodings));
    expect([event.record('a', encode), event.record('a', encode), event.record('b', encode)].join()).toBe('1,1,2');
  });

  it('cuts off a client that leaves too much unread, says why, and writes nothing more', () => {
    const { response, stream } = open(25);
    const heartbeat = new OutgoingEvent({ type: 'HEARTBEAT' });
    for (let i = 0; i < 4; i++) stream.send(heartbeat);
    expect(response.chunks).toHaveLength(2);
    expect(response.isDestroyed).toBe(true);
    expect(stream.cutReason).toBe('reads too slowly: 46 bytes wait, more than the 25 allowed');
  });

  it('takes a single event of any size while nothing waits', () => {
    const { response, stream } = open(1);
    stream.send(new OutgoingEvent({ type: 'ERROR', error: { message: 'x'.repeat(100_000) } }));
    expect(response.isDestroyed).toBe(false);
    expect(response.chunks).toHaveLength(1);
  });

  it('writes nothing after its end', () => {
    const { response, stream } = open();
    stream.end();
    stream.send(new OutgoingEvent({ type: 'HEARTBEAT' }));
    expect(response.chunks).toEqual([]);
  });
});
