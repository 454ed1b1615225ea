import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Limits } from './quantities/limits.js';
import { Quantities } from './quantities/quantities.js';
import type { Reservation, Resource } from './resource.js';
import { isIndivisible } from './resource.js';
import { Resources } from './resources.js';
import type { ResourceValue } from './values/resource-value.js';

const milli = fc.integer({ min: 1, max: 5000 });
const scalar = milli.map((milli): ResourceValue => ({ kind: 'scalar', milli }));
const ranges = fc
  .array(fc.tuple(fc.nat(40), fc.nat(5)), { minLength: 1, maxLength: 4 })
  .map(
    (pairs) =>
      [...Resources.parse(`ports:[${pairs.map(([begin, size]) => `${begin}-${begin + size}`).join()}]`)][0]?.value,
  )
  .map((value) => value as ResourceValue);
const items = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 })
  .map((items): ResourceValue => ({ kind: 'set', items }));
const stack = fc.constantFrom<Reservation[]>(
  [],
  [{ type: 'STATIC', role: 'a' }],
  [{ type: 'DYNAMIC', role: 'a', principal: 'p' }],
  [
    { type: 'STATIC', role: 'a' },
    { type: 'DYNAMIC', role: 'a/b', labels: [{ key: 'k', value: 'v' }] },
  ],
);
const plain = fc
  .tuple(
    fc.oneof(
      fc.tuple(fc.constantFrom('cpus', 'mem'), scalar),
      ranges.map((v) => ['ports', v] as const),
      items.map((v) => ['zones', v] as const),
    ),
    stack,
    fc.boolean(),
  )
  .map(
    ([[name, value], reservations, revocable]): Resource => ({
      name,
      value,
      reservations,
      ...(revocable && { revocable }),
    }),
  );
const disk = fc
  .tuple(
    scalar,
    fc.constantFrom<Resource['disk']>(
      undefined,
      { source: { type: 'PATH', root: '/p' } },
      { source: { type: 'MOUNT', root: '/m' } },
      { persistence: { id: 'v' } },
      { source: { type: 'RAW' }, persistence: { id: 'w' } },
    ),
    fc.boolean(),
    fc.integer({ min: 1, max: 3 }),
  )
  .map(([value, info, mayShare, copies]): Resource => {
    const shared = mayShare && info?.persistence !== undefined;
    return {
      name: 'disk',
      value,
      reservations: [{ type: 'STATIC', role: 'r' }],
      ...(info && { disk: info }),
      ...(shared && { shared, copies }),
    };
  });
const collection = fc.array(fc.oneof(plain, disk), { maxLength: 12 }).map((list) => Resources.of(list));
/** Ranges and sets overlap when added, so that they cannot be subtracted again. */
const countable = collection.map((resources) => resources.filter(({ value }) => value.kind === 'scalar'));
const names = ['cpus', 'mem', 'ports', 'zones', 'disk'];
const bounds = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 0, max: 20 }), { maxKeys: 5 });

describe('collections, whatever they hold', () => {
  it('contain both operands of a sum (A3, A4)', () => {
    fc.assert(
      fc.property(collection, collection, (a, b) => {
        const sum = a.plus(b);
        expect(sum.contains(a) && sum.contains(b)).toBe(true);
      }),
    );
  });

  it('are the same again after adding and subtracting countable resources (A4, A5)', () => {
    fc.assert(
      fc.property(countable, countable, (a, b) => {
        expect(a.plus(b).minus(b).equals(a)).toBe(true);
      }),
    );
  });

  it('are the same again after subtracting and adding a part they contain (A4)', () => {
    fc.assert(
      fc.property(collection, fc.infiniteStream(fc.boolean()), (a, chosen) => {
        const part = a.filter(() => chosen.next().value === true);
        expect(a.contains(part)).toBe(true);
        expect(a.minus(part).plus(part).equals(a)).toBe(true);
      }),
    );
  });

  it('add in any order and grouping (A3)', () => {
    fc.assert(
      fc.property(collection, collection, collection, (a, b, c) => {
        expect(a.plus(b).equals(b.plus(a))).toBe(true);
        expect(
          a
            .plus(b)
            .plus(c)
            .equals(a.plus(b.plus(c))),
        ).toBe(true);
      }),
    );
  });

  it('never hold an empty object, or two that would merge (A1, A3)', () => {
    fc.assert(
      fc.property(collection, collection, (a, b) => {
        for (const result of [a.plus(b), a.minus(b)]) {
          expect(Resources.of(result).size).toBe(result.size);
        }
      }),
    );
  });

  it('are read back from their documents, copies apart', () => {
    fc.assert(
      fc.property(collection, (a) => {
        const single = a.map((resource) => ({ ...resource, copies: 1 }));
        expect(Resources.fromJson(single.toJson()).equals(single)).toBe(true);
        expect(Resources.fromJson(JSON.parse(JSON.stringify(single.toJson()))).equals(single)).toBe(true);
        expect(Resources.fromJson(single.toJson('endpoint')).equals(single)).toBe(true);
      }),
    );
  });

  it('are read back from their canonical text, which knows static reservations only', () => {
    fc.assert(
      fc.property(collection, (a) => {
        const simple = a.map((resource) => ({
          ...resource,
          reservations: resource.reservations.slice(-1).map(({ role }) => ({ type: 'STATIC', role }) as const),
        }));
        const text = simple.toText();
        expect(Resources.parse(text).equals(simple)).toBe(true);
        expect(Resources.parse(text).toText()).toBe(text);
      }),
    );
  });

  it('come and go with an allocation role unchanged', () => {
    fc.assert(
      fc.property(collection, (a) => {
        expect(a.withAllocationRole('x').withoutAllocationRole().equals(a)).toBe(true);
        expect(
          Resources.of([...a.withAllocationRole('x')].map((r) => ({ ...r }))).equals(a.withAllocationRole('x')),
        ).toBe(true);
      }),
    );
  });
});

describe('cutting, whatever is cut (A9)', () => {
  it('never exceeds the quantities, and takes only what was there', () => {
    fc.assert(
      fc.property(
        collection,
        bounds,
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (a, numbers, random) => {
          const quantities = Quantities.fromNumbers(numbers);
          for (const order of ['stored', () => random.next().value as number] as const) {
            const cut = a.cutToQuantities(quantities, order);
            expect(quantities.contains(cut.quantities())).toBe(true);
            expect(a.contains(cut)).toBe(true);
          }
        },
      ),
    );
  });

  it('never exceeds the limits, and keeps names without limit whole', () => {
    fc.assert(
      fc.property(collection, bounds, (a, numbers) => {
        const limits = Limits.fromNumbers(numbers);
        const cut = a.cutToLimits(limits, 'stored');
        expect(limits.contains(cut.quantities())).toBe(true);
        expect(a.contains(cut)).toBe(true);
        const unlimited = (resource: Resource) => limits.get(resource.name) === undefined;
        expect(cut.filter(unlimited).equals(a.filter(unlimited))).toBe(true);
      }),
    );
  });

  it('leaves no scalar behind that would still fit, unless it is indivisible', () => {
    fc.assert(
      fc.property(collection, bounds, (a, numbers) => {
        const divisible = a.filter((resource) => !isIndivisible(resource) && resource.value.kind === 'scalar');
        const quantities = Quantities.fromNumbers(numbers);
        const cut = divisible.cutToQuantities(quantities, 'stored').quantities();
        for (const name of names) {
          expect(cut.get(name)).toBe(Math.min(divisible.quantities().get(name), quantities.get(name)));
        }
      }),
    );
  });
});

describe('quantities, whatever they hold (A7)', () => {
  const quantities = bounds.map((numbers) => Quantities.fromNumbers(numbers));

  it('are the same again after adding and subtracting', () => {
    fc.assert(
      fc.property(quantities, quantities, (a, b) => {
        expect(a.plus(b).minus(b).equals(a)).toBe(true);
      }),
    );
  });

  it('are read back from their text', () => {
    fc.assert(
      fc.property(quantities, (a) => {
        expect(Quantities.parse(a.toText()).equals(a)).toBe(true);
      }),
    );
  });

  it('are contained in limits exactly when subtracting them floors nothing', () => {
    fc.assert(
      fc.property(bounds, quantities, (numbers, used) => {
        const limits = Limits.fromNumbers(numbers);
        const floored = [...limits].some(([name, milli]) => milli < used.get(name));
        expect(limits.contains(used)).toBe(!floored);
      }),
    );
  });
});
