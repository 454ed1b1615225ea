export {
  activeSpan,
  activeTrace,
  activeRecording,
  activeTracer,
  beginTrace,
  endedBy,
  inSpan,
  runInSpan,
  runInTrace,
  runWithTracer,
} from './active-context.js';
export { type CancelTimer, type Clock, SystemClock, systemClock, type TimerClock } from './clock.js';
export { FakeClock } from './fake-clock.js';
export {
  createLogger,
  LOG_LEVELS,
  type LogFields,
  type Logger,
  type LoggerOptions,
  type LogLevel,
  silentLogger,
} from './logger.js';
export { LogVerbosity } from './log-verbosity.js';
export { type Latency, Metrics, METRICS_CONTENT_TYPE, type MetricsFormat, renderTogether } from './metrics.js';
export { observeProcess } from './process-metrics.js';
export { type LogLine, RecentLog } from './recent-log.js';
export { recordedLogger } from './recorded-logger.js';
export { formatTraceparent, newTrace, parseTraceparent, type TraceContext } from './trace-context.js';
export { extractTrace, injectTrace, MAX_LINKS, type MessageTrace } from './tracing/message-trace.js';
export type {
  AttributeValue,
  LogRecord,
  SpanAttributes,
  SpanKind,
  SpanRecord,
  TelemetrySink,
} from './tracing/span.js';
export {
  parentBasedAlwaysOn,
  type Sampler,
  silentTracer,
  type Span,
  type SpanOptions,
  Tracer,
} from './tracing/tracer.js';
export { type HttpAsking, type HttpTarget, inHttpClientSpan, targetOf } from './tracing/http-client-span.js';
export { preciseNowMs } from './tracing/wall-time.js';
export { ATTRIBUTE, BY_FRAMEWORK, SPAN } from './tracing/span-names.js';
export { type TraceFilter, type TracePart, TraceRing, type TraceSummary } from './tracing/trace-ring.js';
export { type OwnPart, ownList, ownPart } from './tracing/own-traces.js';
export { ringTracer } from './tracing/ring-tracer.js';
export { contextOfStored, type StoredTrace, storedTrace } from './tracing/stored-trace.js';
export { serviceTracer } from './service-tracer.js';
export { NO_OTLP, type OtlpSettings, readOtlpSettings } from './otlp/otlp.config.js';
