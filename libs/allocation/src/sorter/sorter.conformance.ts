import { describe, expect, it } from 'vitest';
import { ClusterTotals } from '../cluster/cluster-totals.js';
import { NameTable } from '../cluster/name-table.js';
import { Amounts } from './amounts.js';
import type { Sorter, SorterKind } from './sorter.js';

/** A sorter over a cluster of 100 cpus and 1000 mem, with amounts by name. */
export function openSorter(kind: SorterKind, random: () => number = () => 0.5) {
  const names = new NameTable();
  const totals = new ClusterTotals(names, new Set());
  totals.add(names.intern('cpus'), 100_000);
  totals.add(names.intern('mem'), 1_000_000);
  const amounts = (cpus: number, mem = 0): Amounts => {
    const list = new Amounts();
    if (cpus > 0) list.add(names.intern('cpus'), cpus * 1000);
    if (mem > 0) list.add(names.intern('mem'), mem * 1000);
    return list;
  };
  return { sorter: kind.open({ names, totals, random }).create<string>(), totals, names, amounts };
}

/** Everything that a walk meets, in order. */
export function walk(sorter: Sorter<string>): string[] {
  const met: string[] = [];
  for (let each = sorter.start(); each !== undefined; each = sorter.next()) met.push(each);
  return met;
}

/** What every sorter must hold, whatever order it makes. */
export function sorterConformance(kind: SorterKind): void {
  describe(`sorter ${kind.name}`, () => {
    it('meets nobody when it is empty', () => {
      const { sorter } = openSorter(kind);
      expect(walk(sorter)).toEqual([]);
      expect(sorter.listing()).toEqual([]);
      expect(sorter.size).toBe(0);
    });

    it('lists and visits active clients only, and lists idle ones without visiting them', () => {
      const { sorter } = openSorter(kind);
      sorter.add('inactive', 'inactive');
      sorter.setActivity(sorter.add('idle', 'idle'), 'idle');
      sorter.setActivity(sorter.add('active', 'active'), 'active');
      expect(walk(sorter)).toEqual(['active']);
      expect(sorter.listing().toSorted()).toEqual(['active', 'idle']);
      expect(sorter.size).toBe(3);
    });

    it('visits every active client of a tree once', () => {
      const { sorter } = openSorter(kind);
      const paths = ['a', 'a/b', 'a/b/c', 'd/e', 'd/f', 'g'];
      for (const path of paths) sorter.setActivity(sorter.add(path, path), 'active');
      expect(walk(sorter).toSorted()).toEqual(paths);
      expect(sorter.listing().toSorted()).toEqual(paths);
    });

    it('keeps an inner client when its last descendant goes, and the descendants when it goes itself', () => {
      const { sorter } = openSorter(kind);
      const parent = sorter.add('a', 'a');
      const child = sorter.add('a/b', 'a/b');
      for (const client of [parent, child]) sorter.setActivity(client, 'active');
      sorter.remove(child);
      expect(walk(sorter)).toEqual(['a']);
      const again = sorter.add('a/b', 'a/b');
      sorter.setActivity(again, 'active');
      sorter.remove(parent);
      expect(walk(sorter)).toEqual(['a/b']);
      sorter.remove(again);
      expect(walk(sorter)).toEqual([]);
      expect(sorter.size).toBe(0);
    });

    it('goes on with whoever is active now when activity changes between walks', () => {
      const { sorter } = openSorter(kind);
      const a = sorter.add('a', 'a');
      const b = sorter.add('b', 'b');
      sorter.setActivity(a, 'active');
      sorter.setActivity(b, 'active');
      sorter.setActivity(a, 'inactive');
      expect(walk(sorter)).toEqual(['b']);
      sorter.setActivity(a, 'active');
      sorter.setActivity(b, 'idle');
      expect(walk(sorter)).toEqual(['a']);
    });

    it('visits everybody after any charges, credits, weights and changes of totals', () => {
      const { sorter, totals, amounts } = openSorter(kind);
      const clients = ['a', 'b', 'c/d', 'c/e'].map((path) => sorter.add(path, path));
      for (const client of clients) sorter.setActivity(client, 'active');
      clients.forEach((client, i) => sorter.charge(client, amounts(i + 1, 10), true));
      sorter.setWeight('c', 3);
      totals.add(0, 5000);
      clients.forEach((client, i) => sorter.credit(client, amounts(i + 1, 10)));
      expect(walk(sorter).toSorted()).toEqual(['a', 'b', 'c/d', 'c/e']);
    });
  });
}
