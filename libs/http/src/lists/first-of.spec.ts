import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstOf } from './first-of.js';

it('firstOf gives what sorting all of it begins with', () => {
  const items = fc.array(fc.record({ at: fc.nat(50), name: fc.nat() }), { maxLength: 5_000, size: 'max' });
  fc.assert(
    fc.property(items, fc.integer({ min: -1, max: 1_500 }), (list, count) => {
      const compare = (a: { at: number }, b: { at: number }): number => a.at - b.at;
      expect(firstOf(list, count, compare)).toEqual(list.toSorted(compare).slice(0, Math.max(0, count)));
    }),
    { numRuns: 30 },
  );
});
