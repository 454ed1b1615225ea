import { ringTracer, runInTrace, runWithTracer, silentTracer, type TraceContext } from '@tranche/telemetry';
import type { DataSource, EntitySchema } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { inDatabaseSpan, WrittenTraces } from './database-span.js';

const context = (digit: string): TraceContext => ({
  traceId: digit.repeat(32),
  spanId: digit.repeat(16),
  sampled: true,
});
const source = {
  options: { type: 'better-sqlite3' },
  getMetadata: (name: string) => ({ tableName: `offers_${name}` }),
} as unknown as DataSource;
const entity = (name: string): EntitySchema => ({ options: { name } }) as EntitySchema;
const together = (traces: readonly TraceContext[]) => ({
  ...{ traces, entities: [entity('task'), entity('framework')], changes: 3 },
});

describe('inDatabaseSpan', () => {
  it('is a span of the request that waits for the database', async () => {
    const tracer = ringTracer('offers', 1 << 20);
    const read = () => inDatabaseSpan(source, 'SELECT', entity('task'), async () => 7);
    expect(await runWithTracer(tracer, () => runInTrace(context('a'), read))).toBe(7);
    expect(tracer.ring?.find('aaaa')?.spans).toMatchObject([
      {
        ...{ name: 'SELECT offers_task', kind: 'client', parentSpanId: context('a').spanId },
        attributes: {
          'db.system.name': 'sqlite',
          'db.operation.name': 'SELECT',
          'db.collection.name': 'offers_task',
        },
      },
    ]);
  });

  it('asks for no table where nothing is recorded', async () => {
    const blind = { getMetadata: () => expect.unreachable() } as unknown as DataSource;
    expect(await inDatabaseSpan(blind, 'SELECT', entity('task'), async () => 7)).toBe(7);
    const silent = () => inDatabaseSpan(blind, 'SELECT', entity('task'), async () => 8);
    expect(await runWithTracer(silentTracer, () => runInTrace(context('a'), silent))).toBe(8);
  });
});

describe('WrittenTraces', () => {
  it('makes one span of a write, linked with the traces of its changes, which is kept when it fails', async () => {
    const tracer = ringTracer('offers', 1 << 20);
    const written = new WrittenTraces();
    const note = (digit: string): void => runWithTracer(tracer, () => runInTrace(context(digit), () => written.note()));
    for (const digit of ['a', 'b', 'a']) note(digit);
    const traces = written.take();
    expect(traces.map(({ traceId }) => traceId[0])).toEqual(['a', 'b']);
    await written.inSpan(source, together(traces), async () => undefined);
    // It went well and fast: of no interest.
    expect(tracer.ring?.find('aaaa')).toBeUndefined();
    const failing = written.inSpan(source, together(traces), () => Promise.reject(new Error('locked')));
    await expect(failing).rejects.toThrow('locked');
    for (const prefix of ['aaaa', 'bbbb'])
      expect(tracer.ring?.find(prefix)?.spans).toMatchObject([
        {
          ...{ name: 'BATCH offers_task,offers_framework', kind: 'client', error: 'locked' },
          attributes: { 'db.operation.batch.size': 3, 'db.operation.name': 'BATCH' },
        },
      ]);
    written.giveBack(traces);
    expect(written.take()).toEqual(traces);
  });

  it('notes nothing where nothing is recorded, and no more than a span can be linked with', () => {
    const written = new WrittenTraces();
    runWithTracer(silentTracer, () => runInTrace(context('a'), () => written.note()));
    written.note();
    expect(written.take()).toEqual([]);
    const tracer = ringTracer('offers', 1 << 20);
    for (let i = 0; i < 1_000; i++) {
      const trace = { ...context('0'), traceId: String(i).padStart(32, '0') };
      runWithTracer(tracer, () => runInTrace(trace, () => written.note()));
    }
    expect(written.take()).toHaveLength(129);
  });
});
