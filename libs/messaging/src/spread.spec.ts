import { AgentHeartbeatV1, NoteTaskDetailV1, partitionOf, partitionQueueOf } from '@tranche/contracts';
import { describe, expect, it } from 'vitest';
import { spread } from './spread.js';

const detail = (frameworkId: string, taskId = 't') => ({ agentId: 'S', frameworkId, taskId, containerId: 'c' });
const counts = { offers: 3 };

describe('spread', () => {
  it('brings each item to the partition of its key, in order', () => {
    const items = ['a', 'b', 'c', 'd', 'a'].map((frameworkId, at) => detail(frameworkId, String(at)));
    const parts = spread(NoteTaskDetailV1, 'offers', items, counts);
    for (const [queue, own] of parts) {
      expect(own).toEqual(
        items.filter(({ frameworkId }) => partitionQueueOf('offers', partitionOf(frameworkId, 3)) === queue),
      );
    }
    expect(parts.flatMap(([, own]) => own)).toHaveLength(items.length);
    expect(parts.length).toBeGreaterThan(1);
  });

  it.each([
    ['of a service that is not cut', () => spread(NoteTaskDetailV1, 'offers', [detail('a'), detail('b')], {})],
    ['to a partition that is named', () => spread(NoteTaskDetailV1, 'offers.1', [detail('a'), detail('b')], counts)],
    [
      'without a key',
      () => spread(AgentHeartbeatV1, 'registry', [{ agentId: 'S' }, { agentId: 'T' }], { registry: 2 }),
    ],
  ])('leaves together what is %s', (_what, made) => {
    expect(made()).toHaveLength(1);
  });
});
