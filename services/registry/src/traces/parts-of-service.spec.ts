import type { TracePartView, TraceSpan } from '@tranche/contracts';
import { describe, expect, it } from 'vitest';
import { partOfService } from './parts-of-service.js';

const span = (spanId: string): TraceSpan => ({
  ...{ traceId: 't', spanId, name: spanId, kind: 'internal' },
  ...{ startMs: 1, endMs: 2, attributes: {}, links: [] },
});
const part = (...spanIds: string[]): TracePartView => ({
  ...{ service: 'offers', traceId: 't', spans: spanIds.map(span), logs: [] },
  ...{ dropped: 0, completeSinceMs: 5 },
});

describe('partOfService', () => {
  it('counts once what two partitions of one process tell', () => {
    const whole = partOfService([part('a', 'b'), part('a', 'b'), part('c')]);
    expect(whole.spans.map(({ spanId }) => spanId)).toEqual(['a', 'b', 'c']);
  });

  it('says when a partition does not answer', () => {
    expect(partOfService([part('a'), { ...part(), missing: 'does not answer' }])).toMatchObject({
      ...{ traceId: 't', missing: 'does not answer' },
    });
  });
});
