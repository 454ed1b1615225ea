import type { TraceView } from '@tranche/contracts';
import { describe, expect, it } from 'vitest';
import { ago, task } from '../../cli.fakes.js';
import { killerOf, memoryPeakOf, stageOf } from './task-facts.js';

const span = (name: string, startMs: number, attributes: object = {}, parentSpanId?: string) => ({
  ...{ traceId: 't', spanId: `${name}-${startMs}`, name, kind: 'internal', startMs, endMs: startMs + 1, links: [] },
  attributes: { ...attributes } as Record<string, string | number>,
  ...(parentSpanId === undefined ? {} : { parentSpanId }),
});
const traceOf = (...spans: ReturnType<typeof span>[]): TraceView => ({
  traceId: 't',
  parts: [{ service: 'n1', agentId: 'a1', spans, logs: [], dropped: 0, completeSinceMs: 0 }],
});
const OWN = { 'tranche.task.id': '7f3a19c2-web' };
const starting = task({ state: 'TASK_STAGING', launchedAt: ago(3) });

describe('how far a task is', () => {
  it.each([
    ['queued', []],
    ['preparing', ['checkpoint task']],
    ['container', ['checkpoint task', 'isolators']],
    ['executor', ['checkpoint task', 'isolators', 'create container']],
  ] as const)('is %s after %j', (stage, over) => {
    expect(stageOf(starting, traceOf(...over.map((name, at) => span(name, at, OWN))))).toBe(stage);
  });

  it('is not told from what others that were launched with it have behind them', () => {
    const others = { 'tranche.task.id': 'another' };
    expect(stageOf(starting, traceOf(span('checkpoint task', 1, others)))).toBe('queued');
    expect(stageOf(starting, undefined)).toBe('queued');
  });

  it('is what its agent says that it waits for, and how it is once it runs', () => {
    expect(stageOf({ ...starting, progress: { step: 'fetching' } }, undefined)).toBe('fetching');
    expect(stageOf({ ...starting, progress: { step: 'pulling' } }, undefined)).toBe('image');
    const running = task({ state: 'TASK_RUNNING', runningAt: ago(1) });
    expect(stageOf(running, undefined)).toBe('running');
    expect(stageOf({ ...running, healthy: true }, undefined)).toBe('healthy');
    expect(stageOf({ ...running, healthy: false }, undefined)).toBe('unhealthy');
    expect(stageOf(task({ state: 'TASK_FAILED' }), undefined)).toBe('ended');
  });
});

describe('who killed a task', () => {
  it('is the first that wanted it to end', () => {
    const [late, early] = [
      span('KILL', 20, { ...OWN, 'tranche.detail': 'by its agent: it is unhealthy' }),
      span('KILL', 10, OWN),
    ];
    expect(killerOf(starting, traceOf(late, early))).toEqual({ by: 'by its framework', atMs: 10 });
    expect(killerOf(starting, traceOf(span('launch', 1, OWN)))).toBeUndefined();
  });
});

describe('the memory of a task', () => {
  it('is the peak of its container, found by the spans around it or by its id', () => {
    const peak = { 'tranche.container.memory.peak_bytes': 4096 };
    const below = traceOf(span('end', 1, OWN), span('remove container', 2, peak, 'end-1'));
    expect(memoryPeakOf(starting, below)).toBe(4096);
    const byId = traceOf(span('remove container', 2, { ...peak, 'tranche.container.id': 'c1' }));
    expect(memoryPeakOf({ ...starting, containerId: 'pod.c1' }, byId)).toBe(4096);
    expect(memoryPeakOf({ ...starting, containerId: 'c2' }, byId)).toBeUndefined();
  });
});
