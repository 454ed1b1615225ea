import type { TraceLog, TracePartView, TraceSpan, TraceView } from '@tranche/contracts';

/** As OTLP numbers them. @source opentelemetry-proto, trace.proto, SpanKind */
const KINDS: Readonly<Record<string, number>> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };

/** @source opentelemetry-proto, logs.proto, SeverityNumber */
const SEVERITIES: Readonly<Record<string, number>> = { debug: 5, info: 9, warn: 13, error: 17 };

const STATUS_ERROR = 2;

type Json = Record<string, unknown>;

/** A trace in OpenTelemetry's JSON, as any tool that imports OTLP reads it. @source opentelemetry-proto 1.x, JSON encoding */
export function otlpJson(view: TraceView, withLogs: boolean): Json {
  const spans = view.parts
    .filter((part) => part.spans.length > 0)
    .map((part) => ({
      resource: resourceOf(part),
      scopeSpans: [{ scope: { name: 'tranche' }, spans: part.spans.map(spanOf) }],
    }));
  if (!withLogs) return { resourceSpans: spans };
  const logs = view.parts
    .filter((part) => part.logs.length > 0)
    .map((part) => ({
      resource: resourceOf(part),
      scopeLogs: [{ scope: { name: 'tranche' }, logRecords: part.logs.map((log) => logOf(log, view.traceId)) }],
    }));
  return { resourceSpans: spans, resourceLogs: logs };
}

const resourceOf = ({ service, hostname }: TracePartView): Json => ({
  attributes: attributesOf({ 'service.name': service, ...(hostname === undefined ? {} : { 'host.name': hostname }) }),
});

const spanOf = (span: TraceSpan): Json => ({
  traceId: span.traceId,
  spanId: span.spanId,
  ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
  name: span.name,
  kind: KINDS[span.kind] ?? 0,
  startTimeUnixNano: nanosOf(span.startMs),
  endTimeUnixNano: nanosOf(span.endMs),
  attributes: attributesOf(span.attributes),
  links: span.links,
  status: span.error === undefined ? {} : { code: STATUS_ERROR, message: span.error },
});

const logOf = ({ spanId, timeMs, level, message, fields }: TraceLog, traceId: string): Json => ({
  traceId,
  spanId,
  timeUnixNano: nanosOf(timeMs),
  severityNumber: SEVERITIES[level] ?? 0,
  severityText: level,
  body: { stringValue: message },
  attributes: attributesOf(fields),
});

/** 64-bit numbers are texts in protobuf's JSON. */
const nanosOf = (ms: number): string => (BigInt(Math.round(ms * 1000)) * 1000n).toString();

const attributesOf = (attributes: Readonly<Record<string, unknown>>): Json[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));

function valueOf(value: unknown): Json {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { stringValue: typeof value === 'string' ? value : JSON.stringify(value) };
}
