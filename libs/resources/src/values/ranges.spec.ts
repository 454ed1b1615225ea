import { describe, expect, it } from 'vitest';
import {
  containsRanges,
  countIntegers,
  formatRanges,
  normalizeRanges,
  type Range,
  subtractRanges,
  takeLowest,
  unionRanges,
} from './ranges.js';

/** Ranges from pairs: `ranges(1, 3, 7, 10)` is [1-3, 7-10]. */
function ranges(...ends: number[]): Range[] {
  return ends.flatMap((begin, i) => (i % 2 === 0 ? [{ begin, end: ends[i + 1] as number }] : []));
}

describe('ranges', () => {
  it('join when they touch: [1-2] + [3-4] = [1-4] (A3)', () => {
    expect(unionRanges(ranges(1, 2), ranges(3, 4))).toEqual(ranges(1, 4));
  });

  it('join when they overlap (A3)', () => {
    expect(unionRanges(ranges(1, 5, 20, 30), ranges(3, 8, 10, 25))).toEqual(ranges(1, 8, 10, 30));
  });

  it('stay apart with a gap of one', () => {
    expect(unionRanges(ranges(1, 2), ranges(4, 5))).toEqual(ranges(1, 2, 4, 5));
  });

  it('come into normal form from any order', () => {
    expect(normalizeRanges(ranges(7, 10, 1, 3, 4, 5, 2, 2))).toEqual(ranges(1, 5, 7, 10));
  });

  it('lose what is taken from the middle, the ends and beyond', () => {
    expect(subtractRanges(ranges(1, 10), ranges(1, 2, 5, 6, 9, 20))).toEqual(ranges(3, 4, 7, 8));
  });

  it('lose nothing to ranges beside them', () => {
    expect(subtractRanges(ranges(5, 6, 9, 10), ranges(1, 4, 7, 8, 11, 12))).toEqual(ranges(5, 6, 9, 10));
  });

  it('lose to one interval that spans several', () => {
    expect(subtractRanges(ranges(1, 2, 4, 5, 8, 9), ranges(2, 8))).toEqual(ranges(1, 1, 9, 9));
  });

  it('contain a range only inside one joined range (A4)', () => {
    expect(containsRanges(ranges(1, 4), ranges(2, 3))).toBe(true);
    expect(containsRanges(ranges(1, 2, 4, 5), ranges(1, 4))).toBe(false);
    expect(containsRanges(ranges(1, 2, 4, 5), ranges(1, 2, 5, 5))).toBe(true);
  });

  it('count their integers; [5-5] is one (A7)', () => {
    expect(countIntegers(ranges(5, 5))).toBe(1);
    expect(countIntegers(ranges(1, 3, 7, 10))).toBe(7);
  });

  it('give their lowest integers first', () => {
    expect(takeLowest(ranges(1, 3, 7, 10), 5)).toEqual(ranges(1, 3, 7, 8));
    expect(takeLowest(ranges(1, 3), 0)).toEqual([]);
  });

  it('are written as [1-3, 7-10]', () => {
    expect(formatRanges(ranges(1, 3, 7, 10))).toBe('[1-3, 7-10]');
  });
});
