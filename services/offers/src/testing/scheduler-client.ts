import { RecordDecoder, type SchedulerEvent, type SchedulerEventType } from '@tranche/mesos-api';

/** A scheduler's event stream, read record by record. */
export class SchedulerClient {
  private readonly events: SchedulerEvent[] = [];
  private wake: () => void = () => undefined;
  private isOver = false;
  readonly chunks: string[] = [];

  private constructor(
    readonly streamId: string,
    private readonly abort: AbortController,
  ) {}

  static async subscribe(url: string, subscribe: unknown): Promise<SchedulerClient> {
    const abort = new AbortController();
    const response = await fetch(`${url}/api/v1/scheduler`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(subscribe),
      signal: abort.signal,
    });
    const client = new SchedulerClient(response.headers.get('mesos-stream-id') ?? '', abort);
    if (response.body !== null) void client.read(response.body);
    return client;
  }

  /** The next event of a type; others are passed over. Undefined when the stream ends before. */
  async next<T extends SchedulerEventType>(type: T): Promise<SchedulerEvent | undefined> {
    for (;;) {
      const at = this.events.findIndex((event) => event.type === type);
      if (at >= 0) return this.events.splice(0, at + 1).at(-1);
      if (this.isOver) return undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** Leaves without a word. */
  close(): void {
    this.abort.abort();
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new RecordDecoder();
    try {
      for await (const chunk of body) {
        this.chunks.push(Buffer.from(chunk).toString());
        for (const record of decoder.push(Buffer.from(chunk))) {
          this.events.push(JSON.parse(record.toString()) as SchedulerEvent);
        }
        this.wake();
      }
    } catch {
      // The stream was cut, by us or by the service: what counts is what came before.
    }
    this.isOver = true;
    this.wake();
  }
}
