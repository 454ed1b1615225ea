import { describe, expect, it } from 'vitest';
import { RemovalQueue } from './removal-queue.js';

const MINUTE_MS = 60_000;

function queue(
  intervalMs: number,
  ...agentIds: string[]
): { readonly take: (nowMs: number) => string[]; readonly queue: RemovalQueue<string> } {
  const removals = new RemovalQueue<string>({ intervalMs, maxLagMs: 2_000 });
  removals.take(0);
  for (const agentId of agentIds) removals.add(agentId, 'silent');
  return { queue: removals, take: (nowMs) => removals.take(nowMs).map(([agentId]) => agentId) };
}

describe('RemovalQueue', () => {
  it('lets all go at once without a limit', () => {
    expect(queue(0, 'a', 'b', 'c').take(1_000)).toEqual(['a', 'b', 'c']);
  });

  it('lets the first go at once and each other an interval later, in their order', () => {
    const { take } = queue(10 * MINUTE_MS, 'a', 'b', 'c');
    expect(take(1_000)).toEqual(['a']);
    expect(take(10 * MINUTE_MS - 1)).toEqual([]);
    for (let atMs = 2_000; atMs < 10 * MINUTE_MS; atMs += 1_000) expect(take(atMs)).toEqual([]);
    expect(take(10 * MINUTE_MS + 1_000)).toEqual(['b']);
    expect(take(20 * MINUTE_MS - 1_000)).toEqual([]);
    expect(take(20 * MINUTE_MS + 1_000)).toEqual(['c']);
  });

  it('keeps to a rate that is faster than it is asked', () => {
    const { take } = queue(400, 'a', 'b', 'c', 'd', 'e', 'f');
    expect(take(1_000)).toEqual(['a']);
    expect(take(2_000)).toEqual(['b', 'c']);
    expect(take(3_000)).toEqual(['d', 'e', 'f']);
  });

  it('saves nothing up while nobody waits, and nothing more than its lag while nobody asks', () => {
    const { take, queue: removals } = queue(1_000);
    for (let atMs = 0; atMs < 60_000; atMs += 1_000) take(atMs);
    for (const agentId of ['a', 'b', 'c', 'd', 'e']) removals.add(agentId, 'silent');
    expect(take(60_000)).toEqual(['a']);
    expect(take(10 * MINUTE_MS)).toEqual(['b', 'c', 'd']);
  });

  it('holds nobody up longer than one interval when the clock is set back', () => {
    const unlimited = queue(0);
    unlimited.take(60 * MINUTE_MS);
    unlimited.queue.add('a', 'silent');
    expect(unlimited.take(MINUTE_MS)).toEqual(['a']);
    const { take } = queue(MINUTE_MS, 'a', 'b');
    expect(take(60 * MINUTE_MS)).toEqual(['a']);
    expect(take(10 * MINUTE_MS)).toEqual([]);
    expect(take(11 * MINUTE_MS)).toEqual(['b']);
  });

  it('lets the next go in place of one that was cancelled', () => {
    const { take, queue: removals } = queue(MINUTE_MS, 'a', 'b', 'c');
    take(1_000);
    removals.cancel('b');
    expect(removals.waiting()).toEqual([['c', 'silent']]);
    expect(removals.add('c', 'again')).toBe(false);
    expect(removals.size).toBe(1);
    expect(take(MINUTE_MS + 1_000)).toEqual(['c']);
  });
});
