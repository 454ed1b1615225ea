import { comparePlaces, type Place } from '@tranche/http';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SortedList } from './sorted-list.js';

const place = fc.record({ rank: fc.integer({ min: 0, max: 40 }), key: fc.constantFrom('a', 'b', 'c') });

it('SortedList has its entries in order whatever is added and removed, and is walked from any place both ways', () => {
  const places = fc.array(place, { minLength: 1, maxLength: 3_000, size: 'max' });
  fc.assert(
    fc.property(places, fc.array(fc.nat(), { maxLength: 3_000, size: 'max' }), place, (added, removed, from) => {
      const list = new SortedList<Place>();
      for (const entry of added) list.add(entry);
      const gone = new Set(removed.map((index) => added[index % added.length]));
      for (const entry of gone) if (entry !== undefined) list.delete(entry);
      const left = added.filter((entry) => !gone.has(entry)).toSorted(comparePlaces);
      expectSame([...list.after()], left);
      expectSame([...list.before()], left.toReversed());
      expectSame(
        [...list.after(from)],
        left.filter((entry) => comparePlaces(entry, from) > 0),
      );
      expectSame([...list.before(from)], left.filter((entry) => comparePlaces(entry, from) < 0).toReversed());
      expect(list.isEmpty).toBe(left.length === 0);
    }),
    { numRuns: 30 },
  );
});

/** The very entries: several may have one place. */
function expectSame(found: readonly Place[], expected: readonly Place[]): void {
  expect(found.length).toBe(expected.length);
  expect(found.every((entry, i) => entry === expected[i])).toBe(true);
}
