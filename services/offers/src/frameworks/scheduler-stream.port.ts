import type { SchedulerEvent } from '@tranche/mesos-api';

/** The event stream of one subscribed scheduler. Sending never waits and never fails: a stream that cannot keep up is closed. */
export interface SchedulerStream {
  /** `Mesos-Stream-Id` of the subscription. */
  readonly streamId: string;
  send(event: OutgoingEvent): void;
  /** Sends a HEARTBEAT now and one every interval, whatever else is sent. */
  keepAlive(intervalMs: number): void;
  /** Ends the response after everything that was sent. */
  end(): void;
}

/** An event on its way to one or more streams; each encoding is made at most once, by the stream that first needs it. */
export class OutgoingEvent {
  private readonly encodings = new Map<string, Buffer>();

  constructor(readonly event: SchedulerEvent) {}

  /**
   * The event's record for one content type.
   *
   * @param encode makes the whole record, length included
   */
  record(contentType: string, encode: (event: SchedulerEvent) => Buffer): Buffer {
    const known = this.encodings.get(contentType);
    if (known !== undefined) return known;
    const record = encode(this.event);
    this.encodings.set(contentType, record);
    return record;
  }
}
