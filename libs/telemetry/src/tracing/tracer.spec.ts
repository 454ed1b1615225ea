import { describe, expect, it } from 'vitest';
import {
  activeSpan,
  activeTrace,
  activeTracer,
  inSpan,
  runInSpan,
  runInTrace,
  runWithTracer,
} from '../active-context.js';
import type { LogRecord, SpanRecord, TelemetrySink } from './span.js';
import { Tracer } from './tracer.js';

class Collected implements TelemetrySink {
  readonly spans: SpanRecord[] = [];
  readonly logs: LogRecord[] = [];

  span(record: SpanRecord): void {
    this.spans.push(record);
  }

  log(record: LogRecord): void {
    this.logs.push(record);
  }
}

function recording(): { tracer: Tracer; spans: SpanRecord[] } {
  const sink = new Collected();
  return { tracer: new Tracer('offers', [sink]), spans: sink.spans };
}

const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: false };

describe('Tracer', () => {
  it('makes spans below their parent, in its trace, exported if it is', () => {
    const { tracer, spans } = recording();
    const span = tracer.begin('launch', parent, { attributes: { 'tranche.task.id': 't' }, startMs: 10 });
    span.set({ 'tranche.role': 'r' });
    span.end(12.5);
    span.end(99);
    expect(spans).toEqual([
      {
        traceId: parent.traceId,
        spanId: span.context.spanId,
        parentSpanId: parent.spanId,
        name: 'launch',
        kind: 'internal',
        startMs: 10,
        endMs: 12.5,
        attributes: { 'tranche.task.id': 't', 'tranche.role': 'r' },
        links: [],
        sampled: false,
        isMinor: false,
      },
    ]);
  });

  it('begins a trace where there is no parent, and keeps nothing of a dropped span', () => {
    const { tracer, spans } = recording();
    tracer.begin('a', undefined).end();
    tracer.begin('b', undefined).drop();
    expect(spans).toHaveLength(1);
    expect(spans[0]?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(spans[0]).not.toHaveProperty('parentSpanId');
  });

  it('records nothing without a sink, and passes the trace on unchanged', () => {
    const tracer = new Tracer('offers');
    expect(tracer.isOn).toBe(false);
    expect(tracer.begin('a', parent).context).toBe(parent);
    runInSpan(tracer, tracer.begin('a', parent), () =>
      inSpan('b', {}, (span) => {
        expect(span).toBeUndefined();
        expect(activeTrace()).toBe(parent);
      }),
    );
  });
});

describe('inSpan', () => {
  it('nests, through promises too, and ends each span with what it is about', async () => {
    const { tracer, spans } = recording();
    await runWithTracer(tracer, () =>
      runInTrace(parent, () =>
        inSpan('outer', {}, async () => {
          await Promise.resolve();
          expect(activeTracer()).toBe(tracer);
          return inSpan('inner', {}, (span) => activeSpan() === span);
        }),
      ),
    );
    const [inner, outer] = spans;
    expect([inner?.name, outer?.name]).toEqual(['inner', 'outer']);
    expect(inner?.parentSpanId).toBe(outer?.spanId);
    expect(outer?.parentSpanId).toBe(parent.spanId);
  });

  it('marks a span that throws or rejects, and lets the error pass', async () => {
    const { tracer, spans } = recording();
    await runWithTracer(tracer, () =>
      runInTrace(parent, async () => {
        expect(() =>
          inSpan('sync', {}, () => {
            throw new Error('no room');
          }),
        ).toThrow('no room');
        await expect(inSpan('async', {}, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
      }),
    );
    expect(spans.map(({ name, error }) => [name, error])).toEqual([
      ['sync', 'no room'],
      ['async', 'gone'],
    ]);
  });

  it('does nothing of its own outside of a trace', () => {
    const { tracer, spans } = recording();
    expect(runWithTracer(tracer, () => inSpan('lonely', {}, () => 7))).toBe(7);
    expect(spans).toEqual([]);
  });
});
