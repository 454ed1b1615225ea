import { formatTraceparent, parseTraceparent, type TraceContext } from '../trace-context.js';

/** A message names the spans of at most this many of its items besides the first: 7 KB of headers. */
export const MAX_LINKS = 128;

/** Headers of a message that carry its trace. @source W3C Trace Context for the first; the others are ours */
const HEADER = { parent: 'traceparent', links: 'tranche-links', sent: 'tranche-sent-ms' } as const;

/** What a message says of where it comes from. */
export interface MessageTrace {
  /** The span that sent it; undefined for one that belongs to no trace. */
  readonly parent: TraceContext | undefined;
  /** The spans that its other items belong to. */
  readonly links: readonly TraceContext[];
  /** When it was given to the broker, milliseconds since the epoch; undefined when the sender did not say. */
  readonly sentMs: number | undefined;
}

/** Text headers for any transport, to be read by `extractTrace`. */
export function injectTrace({ parent, links, sentMs }: MessageTrace): Record<string, string> {
  const headers: Record<string, string> = {};
  if (parent !== undefined) headers[HEADER.parent] = formatTraceparent(parent);
  if (links.length > 0) headers[HEADER.links] = links.slice(0, MAX_LINKS).map(formatTraceparent).join(',');
  if (sentMs !== undefined) headers[HEADER.sent] = sentMs.toFixed(3);
  return headers;
}

/** Never fails: a header that is missing or malformed is as if it had not been sent. */
export function extractTrace(headers: Readonly<Record<string, unknown>>): MessageTrace {
  const sentMs = Number(textOf(headers[HEADER.sent]) ?? Number.NaN);
  const links = textOf(headers[HEADER.links])?.split(',') ?? [];
  return {
    parent: parseTraceparent(textOf(headers[HEADER.parent])),
    links: links.map(parseTraceparent).filter((link) => link !== undefined),
    sentMs: Number.isFinite(sentMs) ? sentMs : undefined,
  };
}

/** Some clients of RabbitMQ give header values as bytes. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : Buffer.isBuffer(value) ? value.toString('utf8') : undefined;
