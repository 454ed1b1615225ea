import { describe, expect, it } from 'vitest';
import { randomSorter } from './random.sorter.js';
import { openSorter, walk } from './sorter.conformance.js';

/** A source of numbers in [0, 1) that is the same in every run. */
function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How often each client came first. */
function firsts(paths: readonly string[], weights: Readonly<Record<string, number>>): Record<string, number> {
  const { sorter } = openSorter(randomSorter, randomSource(7));
  for (const path of paths) sorter.setActivity(sorter.add(path, path), 'active');
  for (const [path, weight] of Object.entries(weights)) sorter.setWeight(path, weight);
  const count: Record<string, number> = {};
  for (let i = 0; i < 20_000; i++) {
    const first = walk(sorter)[0] as string;
    count[first] = (count[first] ?? 0) + 1 / 20_000;
  }
  return count;
}

describe('random sorter (A28)', () => {
  it('draws the first in proportion to weights: of 1 to 5, weight 5 comes first in a third of all shuffles', () => {
    const count = firsts(['a', 'b', 'c', 'd', 'e'], { a: 1, b: 2, c: 3, d: 4, e: 5 });
    expect(count['e']).toBeCloseTo(5 / 15, 1);
    expect(count['a']).toBeCloseTo(1 / 15, 1);
  });

  it('weighs a leaf by the product along its path, among siblings that hold an active leaf', () => {
    // a has 3/4, split over its own leaf and a/x; b has 1/4. The inactive c takes no part.
    const count = firsts(['a', 'a/x', 'b'], { a: 3, c: 100 });
    expect(count['a']).toBeCloseTo(3 / 8, 1);
    expect(count['a/x']).toBeCloseTo(3 / 8, 1);
    expect(count['b']).toBeCloseTo(1 / 4, 1);
  });

  it('shuffles anew with each walk', () => {
    const { sorter } = openSorter(randomSorter, randomSource(1));
    for (const path of ['a', 'b', 'c', 'd']) sorter.setActivity(sorter.add(path, path), 'active');
    const orders = new Set(Array.from({ length: 50 }, () => walk(sorter).join()));
    expect(orders.size).toBeGreaterThan(5);
  });
});
