import type { TraceContext } from '../trace-context.js';

/** As OpenTelemetry has them. */
export const SPAN_KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

export type AttributeValue = string | number | boolean;
export type SpanAttributes = Readonly<Record<string, AttributeValue>>;

/** A span that has ended, as plain values. Times in milliseconds since the epoch, with fractions. */
export interface SpanRecord {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: SpanAttributes;
  /** Other spans that it belongs to as well: those of each item of a batch. */
  readonly links: readonly TraceContext[];
  /** What went wrong; absent when all went well. */
  readonly error?: string;
  readonly sampled: boolean;
  /** Tells something only when it failed or took long: deliveries of facts. The local ring leaves it out otherwise. */
  readonly isMinor: boolean;
}

/** A log line; `traceId` and `spanId` are empty for one that belongs to no trace. */
export interface LogRecord {
  readonly traceId: string;
  readonly spanId: string;
  readonly timeMs: number;
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Takes spans and log lines when they are over. Must not throw and must be quick. */
export interface TelemetrySink {
  span(record: SpanRecord): void;
  log(record: LogRecord): void;
  /** Waits for what has not left yet. Never fails. */
  flush?(): Promise<void>;
}
