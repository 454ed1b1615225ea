import { type Static, Type } from 'typebox';

/** A span of another trace or the same one, by its ids: 32 and 16 hex digits. */
const SpanLink = Type.Object({ traceId: Type.String(), spanId: Type.String() });

const Attributes = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]));

/** A span that has ended. Times in milliseconds since the epoch, with fractions. */
export const TraceSpan = Type.Object({
  /** Another one than its part's when the span belongs to several traces: it handled a batch. */
  traceId: Type.String(),
  spanId: Type.String(),
  parentSpanId: Type.Optional(Type.String()),
  name: Type.String(),
  /** OpenTelemetry's: internal, server, client, producer, consumer. */
  kind: Type.String(),
  startMs: Type.Number(),
  endMs: Type.Number(),
  attributes: Attributes,
  links: Type.Array(SpanLink),
  /** What went wrong. */
  error: Type.Optional(Type.String()),
});
export type TraceSpan = Static<typeof TraceSpan>;

/** A log line of a trace. */
export const TraceLog = Type.Object({
  spanId: Type.String(),
  timeMs: Type.Number(),
  level: Type.String(),
  message: Type.String(),
  fields: Type.Record(Type.String(), Type.Unknown()),
});
export type TraceLog = Static<typeof TraceLog>;

/** What one service still has of a trace. */
export const TracePart = Type.Object({
  /** `offers`; an agent in the local cluster has the name of its host. */
  service: Type.String(),
  /** Whole, also when it was asked for by its beginning; absent when nothing is kept. */
  traceId: Type.Optional(Type.String()),
  spans: Type.Array(TraceSpan),
  logs: Type.Array(TraceLog),
  /** Spans and lines that had no room. */
  dropped: Type.Number(),
  /** What began before this may have been forgotten; milliseconds since the epoch. */
  completeSinceMs: Type.Number(),
});
export type TracePart = Static<typeof TracePart>;

/** One trace of a service's list. */
export const TraceSummary = Type.Object({
  traceId: Type.String(),
  startMs: Type.Number(),
  endMs: Type.Number(),
  /** Length of its longest span. */
  longestMs: Type.Number(),
  spans: Type.Number(),
  error: Type.Optional(Type.String()),
  /** Name of the first span. */
  name: Type.String(),
  /** Of the first span, and of the first one that is about a task. */
  attributes: Attributes,
});
export type TraceSummary = Static<typeof TraceSummary>;
