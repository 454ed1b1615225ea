import { decodeBody, JSON_TYPE, messageTypes, PROTOBUF_TYPE, RecordDecoder } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { OutgoingEvent } from '../frameworks/scheduler-stream.port.js';
import { subscribeFramework } from '../frameworks/subscribe-framework.js';
import { makeOffers } from '../offers/make-offers.js';
import { frameworkInfo, scene } from '../testing/offers.fakes.js';
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

  it.each([JSON_TYPE, PROTOBUF_TYPE])('sends ten thousand offers in one event of %s', (mediaType) => {
    const context = scene();
    const response = new UnreadResponse();
    const stream = new EventStream(response, { streamId: 's', mediaType, maxBufferedBytes: 32 << 20 });
    const subscription = subscribeFramework(context, { info: frameworkInfo(), suppressedRoles: [] }, stream);
    if (!subscription.ok) throw new Error(subscription.message);
    const { frameworkId } = subscription.framework;
    const resources = [{ name: 'cpus', type: 'SCALAR' as const, scalar: { value: 0.01 } }];
    const item = { frameworkId, role: 'web', agentId: 'S1', resources, epoch: 'E', run: 1 };
    makeOffers(context, context.expiry, Array<typeof item>(10_000).fill(item));
    const record = new RecordDecoder().push(Buffer.from(response.chunks.at(-1) ?? '', 'latin1'))[0] ?? Buffer.alloc(0);
    const event = decodeBody(messageTypes.SchedulerEvent, mediaType, record);
    expect(event.ok && event.value.offers?.offers?.length).toBe(10_000);
    subscription.framework.stream?.end();
  });
});
