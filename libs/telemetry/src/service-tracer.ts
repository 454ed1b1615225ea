import { openOtlp } from './otlp/open-otlp.js';
import { OtlpSink } from './otlp/otlp-sink.js';
import { type OtlpSettings, readOtlpSettings } from './otlp/otlp.config.js';
import { TraceRing } from './tracing/trace-ring.js';
import { Tracer } from './tracing/tracer.js';

/**
 * The tracer of a service: it keeps what was done last, and exports it when the environment names an OTLP endpoint.
 *
 * @param ringBytes memory for what was done last; 0: nothing is kept
 */
export function serviceTracer(service: string, ringBytes: number, otlp: OtlpSettings = readOtlpSettings()): Tracer {
  const ring = ringBytes === 0 ? undefined : new TraceRing(ringBytes, Date.now());
  const isExporting = otlp.exportsTraces || otlp.exportsLogs;
  const sink = isExporting ? new OtlpSink(otlp, openOtlp(service, otlp), ring) : undefined;
  return new Tracer(
    service,
    [ring, sink].filter((one) => one !== undefined),
    otlp.sampler,
  );
}
