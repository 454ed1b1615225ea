import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  containsRanges,
  countIntegers,
  equalRanges,
  normalizeRanges,
  type Range,
  subtractRanges,
  takeLowest,
  unionRanges,
} from './ranges.js';

const range = fc.tuple(fc.nat(60), fc.nat(12)).map(([begin, length]): Range => ({ begin, end: begin + length }));
const list = fc.array(range, { maxLength: 8 });

function integers(ranges: readonly Range[]): Set<number> {
  const all = new Set<number>();
  for (const { begin, end } of ranges) for (let i = begin; i <= end; i++) all.add(i);
  return all;
}

function isNormal(ranges: readonly Range[]): boolean {
  return ranges.every(({ begin, end }, i) => begin <= end && (i === 0 || begin > (ranges[i - 1] as Range).end + 1));
}

describe('ranges, against sets of integers', () => {
  it('normal form holds the same integers', () => {
    fc.assert(
      fc.property(list, (a) => {
        const normal = normalizeRanges(a);
        expect(isNormal(normal)).toBe(true);
        expect(integers(normal)).toEqual(integers(a));
      }),
    );
  });

  it('union, difference, containment, equality and size agree', () => {
    fc.assert(
      fc.property(list, list, (rawA, rawB) => {
        const [a, b] = [normalizeRanges(rawA), normalizeRanges(rawB)];
        const [setA, setB] = [integers(a), integers(b)];
        const [union, difference] = [unionRanges(a, b), subtractRanges(a, b)];
        expect(isNormal(union) && isNormal(difference)).toBe(true);
        expect(integers(union)).toEqual(setA.union(setB));
        expect(integers(difference)).toEqual(setA.difference(setB));
        expect(containsRanges(a, b)).toBe(setB.isSubsetOf(setA));
        expect(equalRanges(a, b)).toBe(setA.size === setB.size && setB.isSubsetOf(setA));
        expect(countIntegers(a)).toBe(setA.size);
      }),
    );
  });

  it('the lowest n are the n smallest', () => {
    fc.assert(
      fc.property(list, fc.nat(100), (raw, count) => {
        const a = normalizeRanges(raw);
        const smallest = [...integers(a)].toSorted((x, y) => x - y).slice(0, count);
        expect(integers(takeLowest(a, count))).toEqual(new Set(smallest));
      }),
    );
  });
});
