import { describe, expect, it } from 'vitest';
import type { SpanRecord } from './span.js';
import { TraceRing } from './trace-ring.js';

const idOf = (n: number): string => n.toString(16).padStart(32, '0');

function span(trace: number, more: Partial<SpanRecord> = {}): SpanRecord {
  const startMs = more.startMs ?? trace * 10;
  return {
    traceId: idOf(trace),
    spanId: 'b'.repeat(16),
    name: 'launch',
    kind: 'internal',
    startMs,
    endMs: startMs + 1,
    attributes: { 'tranche.task.id': `t${trace}` },
    links: [],
    sampled: true,
    isMinor: false,
    ...more,
  };
}

const KIB = 1 << 10;
const has = (ring: TraceRing, trace: number): boolean => ring.find(idOf(trace)) !== undefined;

describe('TraceRing', () => {
  it('gives back what a trace has, by its id or a beginning that no other has', () => {
    const ring = new TraceRing(64 * KIB, 0);
    const [one, two] = [span(1, { traceId: `aaaa${'1'.repeat(28)}` }), span(2, { traceId: `aabb${'2'.repeat(28)}` })];
    ring.span(one);
    ring.span(two);
    ring.log({ traceId: one.traceId, spanId: one.spanId, timeMs: 3, level: 'info', message: 'm', fields: {} });
    expect(ring.find('aaaa')).toMatchObject({
      traceId: one.traceId,
      spans: [one],
      logs: [{ message: 'm' }],
      dropped: 0,
    });
    expect(ring.find('aa')).toBeUndefined();
    expect(ring.find('ff')).toBeUndefined();
  });

  it('shows a span of a batch in the trace of each item', () => {
    const ring = new TraceRing(64 * KIB, 0);
    const batch = span(1, { links: [{ traceId: idOf(2), spanId: 'c'.repeat(16), sampled: true }] });
    ring.span(batch);
    expect(ring.find(idOf(1))?.spans).toEqual([batch]);
    expect(ring.find(idOf(2))?.spans).toEqual([batch]);
  });

  it('leaves out what tells little, unless it failed or took long', () => {
    const ring = new TraceRing(64 * KIB, 0);
    ring.span(span(1, { isMinor: true }));
    ring.span(span(2, { isMinor: true, error: 'locked' }));
    ring.span(span(3, { isMinor: true, startMs: 0, endMs: 150 }));
    expect([1, 2, 3].map((trace) => has(ring, trace))).toEqual([false, true, true]);
  });

  it('stays within its bound, and forgets the oldest traces first', () => {
    const ring = new TraceRing(64 * KIB, 0);
    for (let trace = 1; trace <= 1_000; trace += 1) ring.span(span(trace));
    expect(ring.usedBytes).toBeLessThanOrEqual(64 * KIB);
    expect(ring.usedBytes).toBeGreaterThan(60 * KIB);
    expect([has(ring, 1), has(ring, 999), has(ring, 1_000)]).toEqual([false, true, true]);
    expect(ring.completeSinceMs).toBeGreaterThan(0);
  });

  it('keeps failed and slow tasks longer than those that went well, and these longer than what is about no task', () => {
    const ring = new TraceRing(256 * KIB, 0);
    ring.span(span(1, { error: 'exit 1' }));
    ring.span(span(2, { startMs: 0, endMs: 5_000 }));
    ring.span(span(3));
    for (let trace = 10; trace < 600; trace += 1) ring.span(span(trace, { attributes: {} }));
    expect([1, 2, 3].map((trace) => has(ring, trace))).toEqual([true, true, true]);
    for (let trace = 600; trace < 3_000; trace += 1) ring.span(span(trace));
    expect([1, 2, 3].map((trace) => has(ring, trace))).toEqual([true, true, false]);
    for (let trace = 3_000; trace < 6_000; trace += 1) ring.span(span(trace, { error: 'exit 1' }));
    expect([1, 2].map((trace) => has(ring, trace))).toEqual([false, false]);
  });

  it('says since when a trace is complete here', () => {
    const ring = new TraceRing(64 * KIB, 500);
    ring.span(span(1, { startMs: 700 }));
    expect(ring.find(idOf(1))?.completeSinceMs).toBe(500);
    for (let trace = 100; trace < 1_000; trace += 1) ring.span(span(trace));
    ring.span(span(2, { startMs: 20_000 }));
    expect(ring.find(idOf(2))?.completeSinceMs).toBe(ring.completeSinceMs);
    expect(ring.completeSinceMs).toBeGreaterThan(500);
  });

  it('counts what a single trace has too much of', () => {
    const ring = new TraceRing(64 << 20, 0);
    for (let i = 0; i < 20_003; i += 1) ring.span(span(1));
    expect(ring.find(idOf(1))).toMatchObject({ dropped: 3 });
  });

  it('lists the newest first, by length and by failure', () => {
    const ring = new TraceRing(64 * KIB, 0);
    ring.span(span(1, { name: 'POST /api/v1/scheduler', startMs: 0, endMs: 4 }));
    ring.span(span(1, { startMs: 2, endMs: 2_000 }));
    ring.span(span(2, { startMs: 5_000, error: 'exit 1' }));
    expect(ring.list({ limit: 10 }).map(({ traceId }) => traceId)).toEqual([idOf(2), idOf(1)]);
    expect(ring.list({ limit: 10, slowMs: 1_000 })).toEqual([
      {
        traceId: idOf(1),
        startMs: 0,
        endMs: 2_000,
        longestMs: 1_998,
        spans: 2,
        name: 'POST /api/v1/scheduler',
        attributes: { 'tranche.task.id': 't1' },
      },
    ]);
    expect(ring.list({ limit: 10, error: true })).toMatchObject([{ traceId: idOf(2), error: 'exit 1' }]);
    expect(ring.list({ limit: 1 })).toHaveLength(1);
  });
});
