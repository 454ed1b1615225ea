import { parentBasedAlwaysOn, type Sampler } from '../tracing/tracer.js';

/**
 * Which traces are exported, by the names that OpenTelemetry has for it.
 *
 * What failed is exported whatever this says. A name that is not known counts as the default, as the specification wants it.
 *
 * @param argument the ratio, 0 to 1, of those that have one; default 1
 * @source OpenTelemetry specification: OTEL_TRACES_SAMPLER
 */
export function samplerOf(name: string | undefined, argument: string | undefined): Sampler {
  const ratio = argument === undefined ? 1 : Number(argument);
  switch (name) {
    case 'always_on':
      return () => true;
    case 'always_off':
      return () => false;
    case 'traceidratio':
      return (traceId) => isWithin(traceId, ratio);
    case 'parentbased_always_off':
      return (_traceId, parent) => parent?.sampled ?? false;
    case 'parentbased_traceidratio':
      return (traceId, parent) => parent?.sampled ?? isWithin(traceId, ratio);
    default:
      return parentBasedAlwaysOn;
  }
}

/** The last 14 hex digits of an id are random, so every process decides alike. @source W3C Trace Context level 2, random flag */
const isWithin = (traceId: string, ratio: number): boolean => Number.parseInt(traceId.slice(-14), 16) / 2 ** 56 < ratio;
