import { encodeEvent, encodeRecord, type MediaType, messageTypes, type SchedulerEvent } from '@tranche/mesos-api';
import { OutgoingEvent, type SchedulerStream } from '../frameworks/scheduler-stream.port.js';

/** The part of a response (`ServerResponse`) that a stream needs. */
export interface StreamResponse {
  /** Bytes that wait for the client. */
  readonly writableLength: number;
  readonly writableFinished: boolean;
  write(chunk: Buffer): boolean;
  end(): unknown;
  destroy(): unknown;
}

export interface EventStreamOptions {
  readonly streamId: string;
  readonly mediaType: MediaType;
  /** Bytes that may wait for the client. More than this before an event is written: the client reads too slowly and is cut off. */
  readonly maxBufferedBytes: number;
  /** Told of each event that is written. */
  readonly onSent?: (event: SchedulerEvent, recordBytes: number) => void;
}

/** One for all streams: encoded once a content type, for the life of the process. */
const HEARTBEAT = new OutgoingEvent({ type: 'HEARTBEAT' });

/** An ended response whose client does not read it out is cut off after this long. */
const LINGER_MS = 30_000;

/**
 * A scheduler's event stream on an HTTP response.
 *
 * Each record is written in one write, hence leaves as one chunk with its length and body together: some clients take a chunk for a record.
 * Nothing ever waits for the client: what it has not read is bounded.
 */
export class EventStream implements SchedulerStream {
  private heartbeats: NodeJS.Timeout | undefined;
  private isOver = false;
  /** Why it was cut off from this side; undefined when the client left. */
  cutReason: string | undefined;

  constructor(
    private readonly response: StreamResponse,
    private readonly options: EventStreamOptions,
  ) {}

  get streamId(): string {
    return this.options.streamId;
  }

  send(event: OutgoingEvent): void {
    if (this.isOver) return;
    const waiting = this.response.writableLength;
    if (waiting > this.options.maxBufferedBytes) {
      this.cut(`reads too slowly: ${waiting} bytes wait, more than the ${this.options.maxBufferedBytes} allowed`);
      return;
    }
    const record = event.record(this.options.mediaType, (given) => this.encode(given));
    this.response.write(record);
    this.options.onSent?.(event.event, record.length);
  }

  keepAlive(intervalMs: number): void {
    this.send(HEARTBEAT);
    this.heartbeats = setInterval(() => this.send(HEARTBEAT), intervalMs);
    this.heartbeats.unref();
  }

  end(): void {
    if (this.isOver) return;
    this.stop();
    this.response.end();
    setTimeout(() => {
      if (!this.response.writableFinished) this.response.destroy();
    }, LINGER_MS).unref();
  }

  /** The connection has closed, from whichever side. */
  closed(): void {
    this.stop();
  }

  get bufferedBytes(): number {
    return this.response.writableLength;
  }

  private cut(reason: string): void {
    this.cutReason = reason;
    this.stop();
    this.response.destroy();
  }

  private stop(): void {
    this.isOver = true;
    clearInterval(this.heartbeats);
  }

  private encode(event: SchedulerEvent): Buffer {
    return encodeRecord(encodeEvent(messageTypes.SchedulerEvent, this.options.mediaType, event));
  }
}
