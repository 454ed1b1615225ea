import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Logger } from '@tranche/telemetry';
import type { FastifyReply } from 'fastify';

/** As often a comment tells that a silent stream lives. @source product §7 */
const HEARTBEAT_MS = 15_000;

/** Of events that wait for a client; one that reads slower is cut off, and resumes. */
const MAX_UNREAD_BYTES = 16 << 20;

/** One event: `data` is JSON on one line. */
export interface SseEvent {
  readonly event: string;
  readonly data: unknown;
  /** What a client that lost its connection says it has seen last. */
  readonly id?: string | undefined;
}

/** What of a request tells that a stream is wanted, and from where. */
export interface StreamAsked {
  readonly headers: Readonly<Pick<IncomingHttpHeaders, 'accept'>> & Readonly<Record<string, unknown>>;
}

/** Whether the client asks for a list as it changes. */
export const wantsStream = ({ headers }: StreamAsked): boolean => /\btext\/event-stream\b/.test(headers.accept ?? '');

/** What the client has seen before its connection was lost; undefined when it begins anew. */
export function lastEventId({ headers }: StreamAsked): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** The answer to one client as a stream of events. @source WHATWG HTML, server-sent events */
export class SseStream {
  private readonly heartbeats: NodeJS.Timeout;
  private isOver = false;
  private maxUnreadBytes = MAX_UNREAD_BYTES;

  /** Sends the head. @param logger told of a client that is cut off */
  constructor(
    private readonly raw: ServerResponse,
    private readonly logger: Pick<Logger, 'info'>,
    onEnd: () => void,
    headers: Readonly<Record<string, string | number | string[] | undefined>> = {},
  ) {
    const head = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
    for (const [name, value] of Object.entries({ ...headers, ...head })) {
      if (value !== undefined) this.raw.setHeader(name, value);
    }
    this.raw.writeHead(200).flushHeaders();
    this.heartbeats = setInterval(() => this.raw.write(':\n\n'), HEARTBEAT_MS).unref();
    this.raw.on('error', () => undefined);
    this.raw.on('close', () => {
      this.isOver = true;
      clearInterval(this.heartbeats);
      onEnd();
    });
  }

  /** Takes a reply over. */
  static of(reply: FastifyReply, logger: Pick<Logger, 'info'>, onEnd: () => void): SseStream {
    reply.hijack();
    return new SseStream(reply.raw, logger, onEnd, reply.getHeaders());
  }

  get isClosed(): boolean {
    return this.isOver;
  }

  /** The beginning, however large: what waits of it does not cut the client off. */
  sendSnapshot(events: readonly SseEvent[]): void {
    const text = events.map(textOf).join('');
    this.maxUnreadBytes = Buffer.byteLength(text) + MAX_UNREAD_BYTES;
    this.raw.write(text);
  }

  send(events: readonly SseEvent[]): void {
    // It is over a moment after it was cut off.
    if (events.length === 0 || this.isOver || this.raw.destroyed) return;
    if (this.raw.writableLength > this.maxUnreadBytes) this.cutOff();
    else this.raw.write(events.map(textOf).join(''));
  }

  private cutOff(): void {
    const { raw, maxUnreadBytes } = this;
    const unreadBytes = raw.writableLength;
    this.logger.info('a stream is cut off: its client reads too slowly', {
      ...{ path: raw.req.url, unreadBytes, maxUnreadBytes },
    });
    raw.destroy();
  }

  end(): void {
    this.raw.end();
  }
}

function textOf({ event, data, id }: SseEvent): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}
