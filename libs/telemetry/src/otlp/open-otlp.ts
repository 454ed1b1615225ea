import { randomUUID } from 'node:crypto';
import type { Attributes, HrTime } from '@opentelemetry/api';
import type { BatchLogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Resource } from '@opentelemetry/resources';
import { type LogRecord, SPAN_KINDS, type SpanRecord } from '../tracing/span.js';
import type { OtlpExport } from './otlp-sink.js';
import type { OtlpSettings } from './otlp.config.js';

type EmittedLog = Parameters<BatchLogRecordProcessor['onEmit']>[0];

const SCOPE = { name: 'tranche' };
const SAMPLED = 1;
const STATUS = { unset: 0, error: 2 } as const;

/** @source opentelemetry-proto, logs.proto, SeverityNumber */
const SEVERITIES: Readonly<Record<string, number>> = { debug: 5, info: 9, warn: 13, error: 17 };

/** One life of this process. */
const INSTANCE_ID = randomUUID();

/** Loads OpenTelemetry's exporters and connects them. The only place that loads any of its code. */
export async function openOtlp(service: string, settings: OtlpSettings): Promise<OtlpExport> {
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const resource = resourceFromAttributes({
    'service.namespace': 'tranche',
    'service.instance.id': INSTANCE_ID,
    ...settings.resource,
    'service.name': settings.serviceName ?? service,
  });
  const spans = settings.exportsTraces ? await openSpans(settings) : undefined;
  const logs = settings.exportsLogs ? await openLogs(settings) : undefined;
  return {
    span: (record) => spans?.onEnd(readableSpan(record, resource)),
    // The processor takes what its own logger would have made, and reads no more of it than this.
    log: (record) => logs?.onEmit(readableLog(record, resource) as EmittedLog),
    flush: async () => {
      await Promise.allSettled([spans?.forceFlush(), logs?.forceFlush()]);
    },
  };
}

async function openSpans({ protocol, delayMs }: OtlpSettings) {
  const { BatchSpanProcessor } = await import('@opentelemetry/sdk-trace');
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), scheduledDelayMillis: delayMs });
}

async function openLogs({ protocol, delayMs }: OtlpSettings) {
  const { BatchLogRecordProcessor } = await import('@opentelemetry/sdk-logs');
  const { OTLPLogExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-logs-otlp-http')
      : await import('@opentelemetry/exporter-logs-otlp-proto');
  return new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(), scheduledDelayMillis: delayMs });
}

function readableSpan(record: SpanRecord, resource: Resource): ReadableSpan {
  const { traceId, spanId, parentSpanId, error } = record;
  const context = { traceId, spanId, traceFlags: SAMPLED };
  return {
    name: record.name,
    kind: SPAN_KINDS.indexOf(record.kind),
    spanContext: () => context,
    ...(parentSpanId === undefined
      ? {}
      : { parentSpanContext: { traceId, spanId: parentSpanId, traceFlags: SAMPLED } }),
    startTime: hrTime(record.startMs),
    endTime: hrTime(record.endMs),
    duration: hrTime(record.endMs - record.startMs),
    status: error === undefined ? { code: STATUS.unset } : { code: STATUS.error, message: error },
    attributes: record.attributes,
    links: record.links.map((link) => ({
      context: { traceId: link.traceId, spanId: link.spanId, traceFlags: link.sampled ? SAMPLED : 0 },
    })),
    events: [],
    ended: true,
    resource,
    instrumentationScope: SCOPE,
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  };
}

function readableLog(
  { traceId, spanId, timeMs, level, message, fields }: LogRecord,
  resource: Resource,
): ReadableLogRecord {
  const time = hrTime(timeMs);
  return {
    hrTime: time,
    hrTimeObserved: time,
    ...(traceId === '' ? {} : { spanContext: { traceId, spanId, traceFlags: SAMPLED } }),
    severityText: level,
    severityNumber: SEVERITIES[level] ?? 0,
    body: message,
    resource,
    instrumentationScope: SCOPE,
    attributes: attributesOf(fields),
    droppedAttributesCount: 0,
  };
}

const attributesOf = (fields: Readonly<Record<string, unknown>>): Attributes =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? value
        : JSON.stringify(value),
    ]),
  );

/** Seconds and nanoseconds, exact to the microsecond. */
function hrTime(ms: number): HrTime {
  const micros = Math.round(ms * 1_000);
  return [Math.floor(micros / 1_000_000), (micros % 1_000_000) * 1_000];
}
