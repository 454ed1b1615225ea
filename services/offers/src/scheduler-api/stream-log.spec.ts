import { describe, expect, it } from 'vitest';
import { StreamLog } from './stream-log.js';

const call = { direction: 'call', type: 'DECLINE', bytes: 10 } as const;

describe('StreamLog', () => {
  it('keeps the latest of each framework, oldest first', () => {
    const log = new StreamLog(() => Date.UTC(2026, 10, 29), 2);
    for (let i = 0; i < 6; i++) log.note('a', { ...call, bytes: i });
    log.note('b', call);
    expect(log.of('a')).toEqual([
      { ...call, bytes: 4, number: 5, id: '5', at: '2026-11-29T00:00:00.000Z' },
      { ...call, bytes: 5, number: 6, id: '6', at: '2026-11-29T00:00:00.000Z' },
    ]);
    expect([log.of('b').length, log.of('c'), log.newest]).toEqual([1, [], 7]);
  });

  it('forgets the framework that has been silent longest', () => {
    const log = new StreamLog(() => 0, 2, 2);
    for (const framework of ['a', 'b', 'a', 'c']) log.note(framework, call);
    expect(['a', 'b', 'c'].map((framework) => log.of(framework).length)).toEqual([2, 0, 1]);
  });
});
