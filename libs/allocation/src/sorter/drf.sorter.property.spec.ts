import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Activity, SorterClient } from './sorter.js';
import { drfSorter } from './drf.sorter.js';
import { openSorter, walk } from './sorter.conformance.js';

const PATHS = ['a', 'a/b', 'a/b/c', 'a/d', 'b', 'c/x', 'c/y', 'd'];

const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), path: fc.constantFrom(...PATHS) }),
  fc.record({ kind: fc.constant('remove' as const), path: fc.constantFrom(...PATHS) }),
  fc.record({
    kind: fc.constant('activity' as const),
    path: fc.constantFrom(...PATHS),
    activity: fc.constantFrom<Activity>('active', 'active', 'idle', 'inactive'),
  }),
  fc.record({
    kind: fc.constant('charge' as const),
    path: fc.constantFrom(...PATHS),
    cpus: fc.nat(9),
    mem: fc.nat(99),
  }),
  fc.record({ kind: fc.constant('credit' as const), path: fc.constantFrom(...PATHS) }),
  fc.record({
    kind: fc.constant('weight' as const),
    path: fc.constantFrom(...PATHS, 'c'),
    weight: fc.constantFrom(1, 2, 5),
  }),
  fc.record({ kind: fc.constant('total' as const), milli: fc.nat(9000) }),
);

it('walks in the order that it lists, which siblings sorted anew have', () => {
  fc.assert(
    fc.property(fc.array(step, { size: 'max', maxLength: 80 }), (steps) => {
      const { sorter, totals, amounts } = openSorter(drfSorter);
      const clients = new Map<string, { client: SorterClient<string>; activity: Activity; held: [number, number][] }>();
      for (const each of steps) {
        if (each.kind === 'total') totals.add(1, each.milli);
        else if (each.kind === 'weight') sorter.setWeight(each.path, each.weight);
        else if (each.kind === 'add' && !clients.has(each.path)) {
          clients.set(each.path, { client: sorter.add(each.path, each.path), activity: 'inactive', held: [] });
        }
        const known = 'path' in each ? clients.get(each.path) : undefined;
        if (known === undefined) continue;
        if (each.kind === 'activity') {
          known.activity = each.activity;
          sorter.setActivity(known.client, each.activity);
        } else if (each.kind === 'charge') {
          known.held.push([each.cpus, each.mem]);
          sorter.charge(known.client, amounts(each.cpus, each.mem), true);
        } else if (each.kind === 'credit' || each.kind === 'remove') {
          for (const [cpus, mem] of known.held.splice(0)) sorter.credit(known.client, amounts(cpus, mem));
          if (each.kind === 'remove') {
            sorter.remove(known.client);
            clients.delete(each.path);
          }
        }
        const listing = sorter.listing();
        const active = listing.filter((path) => clients.get(path)?.activity === 'active');
        expect(walk(sorter)).toEqual(active);
        const listed = [...clients].filter(([, { activity }]) => activity !== 'inactive').map(([path]) => path);
        expect(listing.toSorted()).toEqual(listed.toSorted());
        for (const [path, { held }] of clients) {
          // A leaf's share is that of what it holds itself, of whichever resource it has most.
          const leaf = sorter.share(`${path}/.`);
          const cpus = held.reduce((sum, [one]) => sum + one, 0) / 100;
          const mem = (held.reduce((sum, [, one]) => sum + one, 0) * 1000) / (totals.milli[1] as number);
          if (leaf !== undefined) expect(leaf).toBeCloseTo(Math.max(cpus, mem), 12);
        }
      }
      expect(sorter.size).toBe(clients.size);
    }),
    { numRuns: 200 },
  );
});
