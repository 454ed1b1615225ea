import type { IncomingMessage } from 'node:http';
import { RecordDecoder, type SchedulerCall, type SchedulerEvent } from '@tranche/mesos-api';
import type { Clock } from './clock.js';
import type { DisconnectReason } from './framework-event.js';
import { connectionFault, post, readText, singleConnectionAgents } from './http-post.js';
import { CallRefusedError } from './scheduler.errors.js';
import type { WireFormat } from './wire-format.js';

/** After so many missed heartbeats the cluster counts as lost, as Mesos' own schedulers count. */
const MISSED_HEARTBEATS = 5;

/** What a cluster promises when its SUBSCRIBED doesn't say. */
const DEFAULT_HEARTBEAT_MS = 15_000;

/** What a subscription needs of its scheduler. */
export interface SubscriptionContext {
  clock: Clock;
  format: WireFormat;
  /** Headers of every request: credentials. */
  headers: Record<string, string>;
  /** Certificates by which the cluster is trusted; absent: the system's. */
  ca?: string | string[];
  /** Time for the header of each response to arrive. */
  responseTimeoutMs: number;
  /** Ends the connection. */
  signal: AbortSignal;
}

/** The connection was lost; another attempt may succeed. Never leaves the SDK: the scheduler reports it as `disconnected`. */
export class SubscriptionLost extends Error {
  constructor(
    readonly reason: DisconnectReason,
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }
}

/** One event stream: from the response of SUBSCRIBE to its end. */
export class Subscription {
  private constructor(
    /** Where the stream came from, after redirects: calls go there. */
    readonly url: URL,
    readonly streamId: string,
    private readonly response: IncomingMessage,
    private readonly context: SubscriptionContext,
    private readonly abort: AbortController,
  ) {}

  /**
   * Sends SUBSCRIBE on a connection of its own.
   *
   * @throws SubscriptionLost when another attempt may succeed; CallRefusedError when none will (4xx)
   */
  static async open(url: URL, call: SchedulerCall, context: SubscriptionContext): Promise<Subscription> {
    const { format } = context;
    const body = format.encodeCall(call);
    const abort = new AbortController();
    context.signal.addEventListener('abort', () => abort.abort(), { once: true, signal: abort.signal });
    try {
      const result = await post(url, {
        headers: { ...context.headers, 'Content-Type': format.contentType, Accept: format.contentType },
        body,
        agents: singleConnectionAgents(context.ca),
        clock: context.clock,
        timeoutMs: context.responseTimeoutMs,
        signal: abort.signal,
      });
      const streamId = await acceptResponse(result.response);
      return new Subscription(result.url, streamId, result.response, context, abort);
    } catch (error) {
      abort.abort();
      if (error instanceof CallRefusedError || error instanceof SubscriptionLost) throw error;
      throw new SubscriptionLost('connection-failed', connectionFault(error), { cause: error });
    }
  }

  /**
   * Events in order, until `close`.
   *
   * Silence is measured only while the reader waits: a framework that takes its time for one event is not disconnected for it.
   *
   * @throws SubscriptionLost when the stream ends, breaks, is silent for five heartbeats or is not a stream of events
   */
  async *events(): AsyncGenerator<SchedulerEvent> {
    const decoder = new RecordDecoder();
    const chunks = this.response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    let silenceMs = MISSED_HEARTBEATS * DEFAULT_HEARTBEAT_MS;
    try {
      for (;;) {
        const chunk = await this.nextChunk(chunks, silenceMs);
        for (const event of this.decode(decoder, chunk)) {
          const interval = event.subscribed?.heartbeat_interval_seconds;
          if (interval !== undefined) silenceMs = MISSED_HEARTBEATS * Number(interval) * 1000;
          yield event;
        }
      }
    } finally {
      this.close();
    }
  }

  /** Ends the connection; the cluster notices at once. */
  close(): void {
    this.abort.abort();
    this.response.destroy();
  }

  private async nextChunk(chunks: AsyncIterator<Buffer>, silenceMs: number): Promise<Buffer> {
    let isSilent = false;
    const cancel = this.context.clock.after(silenceMs, () => {
      isSilent = true;
      this.close();
    });
    try {
      const next = await chunks.next();
      if (!next.done) return next.value;
    } catch (error) {
      if (!isSilent) throw new SubscriptionLost('connection-closed', connectionFault(error), { cause: error });
    } finally {
      cancel();
    }
    if (isSilent) throw new SubscriptionLost('heartbeats-missed', `nothing heard for ${silenceMs / 1000} s`);
    throw new SubscriptionLost('connection-closed', 'the cluster closed the stream');
  }

  private decode(decoder: RecordDecoder, chunk: Buffer): SchedulerEvent[] {
    try {
      return decoder.push(chunk).map((record) => this.context.format.decodeEvent(record));
    } catch (error) {
      throw new SubscriptionLost('malformed-stream', (error as Error).message, { cause: error });
    }
  }
}

/** @returns the stream's id */
async function acceptResponse(response: IncomingMessage): Promise<string> {
  const { statusCode = 0, headers } = response;
  if (statusCode === 200) return String(headers['mesos-stream-id'] ?? '');
  const detail = (await readText(response)) || `status ${statusCode}`;
  if (statusCode >= 500 || statusCode === 429 || statusCode === 307) {
    throw new SubscriptionLost('unavailable', detail);
  }
  throw new CallRefusedError('SUBSCRIBE', statusCode, detail);
}
