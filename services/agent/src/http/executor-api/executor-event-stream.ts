import { encodeEvent, encodeRecord, type ExecutorEvent, type MediaType, messageTypes } from '@tranche/mesos-api';
import type { ExecutorStream } from '../../executors/executor-links.js';

/** The part of a response (`ServerResponse`) that a stream needs. */
export interface StreamResponse {
  /** Bytes that wait for the executor. */
  readonly writableLength: number;
  write(chunk: Buffer): boolean;
  end(): unknown;
  destroy(): unknown;
}

/** @source Mesos 1.11: heartbeat interval of executors' streams; the first comes after as long */
const HEARTBEAT_INTERVAL_MS = 30 * 60_000;

/** An executor that leaves more unread than this does not read: it is cut off, and may subscribe again. */
const MAX_BUFFERED_BYTES = 64 << 20;

/**
 * An executor's event stream on an HTTP response.
 *
 * Each record is written in one write, hence leaves as one chunk with its length and body together: some clients take a chunk for a record.
 */
export class ExecutorEventStream implements ExecutorStream {
  private readonly heartbeats: NodeJS.Timeout;
  private isOver = false;

  constructor(
    private readonly response: StreamResponse,
    private readonly mediaType: MediaType,
  ) {
    this.heartbeats = setInterval(() => this.send({ type: 'HEARTBEAT' }), HEARTBEAT_INTERVAL_MS).unref();
  }

  send(event: ExecutorEvent): void {
    if (this.isOver) return;
    if (this.response.writableLength > MAX_BUFFERED_BYTES) {
      this.closed();
      this.response.destroy();
      return;
    }
    this.response.write(encodeRecord(encodeEvent(messageTypes.ExecutorEvent, this.mediaType, event)));
  }

  end(): void {
    if (this.isOver) return;
    this.closed();
    this.response.end();
  }

  /** The connection has closed, from whichever side. */
  closed(): void {
    this.isOver = true;
    clearInterval(this.heartbeats);
  }
}
