import { parentBasedAlwaysOn, type Sampler } from '../tracing/tracer.js';
import { samplerOf } from './sampler.js';

/** What of telemetry leaves the process, and how. Endpoint, headers, timeout and compression are read by the exporters themselves. */
export interface OtlpSettings {
  readonly exportsTraces: boolean;
  readonly exportsLogs: boolean;
  /** `http/protobuf` or `http/json`. */
  readonly protocol: 'http/protobuf' | 'http/json';
  /** Name of every service of this process; undefined: each its own. */
  readonly serviceName: string | undefined;
  /** Attributes of the resource. */
  readonly resource: Readonly<Record<string, string>>;
  /** Longest time between two exports, in milliseconds. */
  readonly delayMs: number;
  readonly sampler: Sampler;
}

/** Nothing leaves. */
export const NO_OTLP: OtlpSettings = {
  ...{ exportsTraces: false, exportsLogs: false, protocol: 'http/protobuf', serviceName: undefined, resource: {} },
  ...{ delayMs: 5_000, sampler: parentBasedAlwaysOn },
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * OpenTelemetry's own variables, as its specification has them. Without an endpoint nothing is exported, and nothing loaded for it.
 *
 * @source OpenTelemetry specification: SDK environment variables; OTLP exporter configuration
 */
export function readOtlpSettings(env: Environment = process.env): OtlpSettings {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return NO_OTLP;
  const exports = (signal: 'TRACES' | 'LOGS'): boolean =>
    hasText(env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]) &&
    (env[`OTEL_${signal}_EXPORTER`] ?? 'otlp') === 'otlp';
  const exportsTraces = exports('TRACES');
  const exportsLogs = exports('LOGS');
  if (!exportsTraces && !exportsLogs) return NO_OTLP;
  return {
    exportsTraces,
    exportsLogs,
    protocol: env['OTEL_EXPORTER_OTLP_PROTOCOL'] === 'http/json' ? 'http/json' : 'http/protobuf',
    serviceName: env['OTEL_SERVICE_NAME'],
    resource: pairsOf(env['OTEL_RESOURCE_ATTRIBUTES'] ?? ''),
    delayMs: Number(env['OTEL_BSP_SCHEDULE_DELAY'] ?? NO_OTLP.delayMs),
    sampler: samplerOf(env['OTEL_TRACES_SAMPLER'], env['OTEL_TRACES_SAMPLER_ARG']),
  };
}

const hasText = (text: string | undefined): boolean => text !== undefined && text !== '';

/** `key1=value1,key2=value2`, values percent-encoded. */
const pairsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(',')
      .map((pair) => pair.split('='))
      .filter((parts) => parts.length === 2)
      .map(([key = '', value = '']) => [key.trim(), decodeURIComponent(value.trim())]),
  );
