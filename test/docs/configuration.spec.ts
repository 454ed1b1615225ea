import { agentOptions } from '@tranche/agent';
import { allocatorOptions } from '@tranche/allocator';
import type { ConfigDefinition, Option } from '@tranche/config';
import { offersOptions } from '@tranche/offers';
import { quotaOptions } from '@tranche/quota';
import { registryOptions } from '@tranche/registry';
import { expect, it } from 'vitest';

const SERVICES: Record<string, ConfigDefinition> = {
  registry: registryOptions,
  allocator: allocatorOptions,
  offers: offersOptions,
  quota: quotaOptions,
  agent: agentOptions,
};

/** Variables that libs/telemetry reads, or the exporters themselves. */
const OPENTELEMETRY: readonly (readonly [name: string, fallback: string, meaning: string])[] = [
  [
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    '–',
    'Collector to send spans and logs to, `http://host:4318`. Without one nothing is exported',
  ],
  [
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
    '–',
    'The same for one of the two, a whole url',
  ],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', '`http/protobuf`', '`http/protobuf` or `http/json`'],
  ['OTEL_EXPORTER_OTLP_HEADERS', '–', 'Headers of every export, `key=value,…`: credentials of the collector'],
  ['OTEL_EXPORTER_OTLP_TIMEOUT', '`10000`', 'How long an export may take, in milliseconds'],
  ['OTEL_EXPORTER_OTLP_COMPRESSION', '`none`', '`gzip` or `none`'],
  ['OTEL_TRACES_EXPORTER, OTEL_LOGS_EXPORTER', '`otlp`', 'Anything else switches that export off'],
  [
    'OTEL_TRACES_SAMPLER',
    '`parentbased_always_on`',
    'Which traces are exported: `always_on`, `always_off`, `traceidratio`, and each with `parentbased_`. Those with an error always are',
  ],
  ['OTEL_TRACES_SAMPLER_ARG', '`1`', 'The ratio, 0 to 1'],
  ['OTEL_BSP_SCHEDULE_DELAY', '`5000`', 'Longest time between two exports, in milliseconds'],
  ['OTEL_SERVICE_NAME', 'the service', 'Name of the service in what is exported'],
  ['OTEL_RESOURCE_ATTRIBUTES', '–', 'More attributes of it, `key=value,…`'],
  ['OTEL_SDK_DISABLED', '`false`', '`true`: nothing is exported'],
];

const cell = (text: string): string => text.replaceAll('|', '\\|');

function row({ name, type, unit, default: fallback, description, secret }: Option<unknown>): string {
  const kind = `${type}${unit === undefined ? '' : ` ${unit}`}${secret ? ', secret' : ''}`;
  const shown = fallback === undefined || fallback === '' ? '–' : `\`${JSON.stringify(fallback).replaceAll('"', '')}\``;
  return `| \`${name}\` | ${cell(kind)} | ${cell(shown)} | ${cell(description)} |`;
}

it('docs/configuration.md lists every option of every service', async () => {
  const sections = Object.entries(SERVICES).map(([service, options]) => {
    const rows = Object.values(options).map(row);
    return [
      `## ${service}`,
      '',
      '| option | type | default | meaning |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
  });
  const text = [
    "<!-- Generated from the services' *.config.ts by `npm run docs`; do not edit. -->",
    '# Configuration',
    '',
    'Options come from the environment, else from `--config FILE` (YAML, the same names), else they have their default. A secret may be read',
    'from the file that `<NAME>_FILE` names. `--print-config` shows each value and where it came from. The local cluster (`npm start`) sets them',
    'from its flags.',
    '',
    ...sections,
    '## OpenTelemetry',
    '',
    "Every service and agent reads OpenTelemetry's own variables, from the environment only. What `tranche trace` shows does not depend on them.",
    '',
    '| variable | default | meaning |',
    '| --- | --- | --- |',
    ...OPENTELEMETRY.map(
      ([name, fallback, meaning]) => `| \`${name.replaceAll(', ', '`, `')}\` | ${fallback} | ${meaning} |`,
    ),
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../../docs/configuration.md');
});
