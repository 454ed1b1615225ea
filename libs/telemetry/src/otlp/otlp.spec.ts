import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inSpan, runInSpan } from '../active-context.js';
import { silentLogger } from '../logger.js';
import { recordedLogger } from '../recorded-logger.js';
import { serviceTracer } from '../service-tracer.js';
import type { Tracer } from '../tracing/tracer.js';
import { NO_OTLP, readOtlpSettings } from './otlp.config.js';
import { OtlpReceiver, type ReceivedSpan } from './otlp-receiver.fakes.js';

const sampledParent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
const unsampledParent = { ...sampledParent, traceId: 'c'.repeat(32), sampled: false };

let receiver: OtlpReceiver;
let before: NodeJS.ProcessEnv;

beforeEach(async () => {
  before = { ...process.env };
  receiver = await OtlpReceiver.start();
});

afterEach(async () => {
  process.env = before;
  await receiver.stop();
});

/** A tracer of a process that was started with these variables. */
function tracerWith(env: Record<string, string> = {}): Tracer {
  Object.assign(process.env, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env });
  return serviceTracer('offers', 1 << 20);
}

function work(tracer: Tracer): void {
  const link = { traceId: 'd'.repeat(32), spanId: 'e'.repeat(16), sampled: true };
  const attributes = { 'tranche.task.id': 't1', 'messaging.batch.message_count': 2, 'tranche.duplicate': true };
  const span = tracer.begin('process agent.S1', sampledParent, {
    kind: 'consumer',
    links: [link],
    attributes,
    startMs: 1_764_000_000_000.25,
  });
  runInSpan(tracer, span, () => {
    inSpan('launch', {}, (inner) => inner?.fail('no disk'));
    recordedLogger(silentLogger, tracer).warn('disk is full', { taskId: 't1', leftBytes: 0 });
  });
  span.end(1_764_000_000_002.5);
}

const named = (name: string): ReceivedSpan | undefined => receiver.spans.find((span) => span.name === name);

describe.each(['http/protobuf', 'http/json'] as const)('export by %s', (protocol) => {
  it('gives a collector resource, names, parents, links, attributes, times and failures', async () => {
    const tracer = tracerWith({
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test%20bed',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-team=core',
    });
    work(tracer);
    await tracer.flush();
    const [handled, launch] = [named('process agent.S1'), named('launch')];
    expect(handled).toMatchObject({
      traceId: sampledParent.traceId,
      parentSpanId: sampledParent.spanId,
      kind: 5,
      startTimeUnixNano: '1764000000000250000',
      endTimeUnixNano: '1764000000002500000',
      scope: 'tranche',
      attributes: { 'tranche.task.id': 't1', 'messaging.batch.message_count': 2, 'tranche.duplicate': true },
      links: [{ traceId: 'd'.repeat(32), spanId: 'e'.repeat(16) }],
      resource: { 'service.name': 'offers', 'service.namespace': 'tranche', 'deployment.environment.name': 'test bed' },
    });
    expect(launch).toMatchObject({ parentSpanId: handled?.spanId, status: { code: 2, message: 'no disk' } });
    expect(receiver.logs).toMatchObject([
      {
        traceId: sampledParent.traceId,
        spanId: handled?.spanId,
        severity: 'warn',
        body: 'disk is full',
        attributes: { taskId: 't1', leftBytes: 0 },
        resource: { 'service.name': 'offers' },
      },
    ]);
    const type = protocol === 'http/json' ? 'application/json' : 'application/x-protobuf';
    expect(receiver.requests.map(({ headers }) => [headers['content-type'], headers['x-team']])).toEqual([
      [type, 'core'],
      [type, 'core'],
    ]);
  });
});

describe('what is exported', () => {
  it('is what the parent says, and what the ratio gives where there is none', async () => {
    const tracer = tracerWith({ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' });
    tracer.begin('sampled', sampledParent).end();
    tracer.begin('not sampled', unsampledParent).end();
    tracer.begin('no parent', undefined).end();
    await tracer.flush();
    expect(receiver.spans.map(({ name }) => name)).toEqual(['sampled']);
  });

  it('is every trace that fails, from its beginning, whatever the sampler says', async () => {
    const tracer = tracerWith({ OTEL_TRACES_SAMPLER: 'always_off' });
    tracer.begin('before', unsampledParent).end();
    const failing = tracer.begin('failing', unsampledParent);
    failing.fail('exit 1');
    failing.end();
    tracer.begin('after', unsampledParent).end();
    tracer.begin('another', sampledParent).end();
    await tracer.flush();
    expect(receiver.spans.map(({ name }) => name)).toEqual(['before', 'failing', 'after']);
  });

  it('is nothing, with nothing loaded, where no endpoint is named, or it is switched off', () => {
    const OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url;
    expect(readOtlpSettings({})).toBe(NO_OTLP);
    expect(readOtlpSettings({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'true' })).toBe(NO_OTLP);
    expect(readOtlpSettings({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_LOGS_EXPORTER: 'none' })).toMatchObject({
      exportsTraces: true,
      exportsLogs: false,
    });
  });

  it('decides by ratio alike in every process', () => {
    const { sampler } = readOtlpSettings({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    });
    const low = `${'f'.repeat(18)}3ffffffffff000`;
    const high = `${'0'.repeat(18)}40000000000000`;
    expect([low, high].map((traceId) => sampler(traceId, undefined))).toEqual([true, false]);
  });
});
