import { describe, expect, it } from 'vitest';
import { Amounts } from './amounts.js';
import { drfSorter } from './drf.sorter.js';
import { openSorter, walk } from './sorter.conformance.js';

const active = (path: string, sorter: ReturnType<typeof openSorter>['sorter']) => {
  const client = sorter.add(path, path);
  sorter.setActivity(client, 'active');
  return client;
};

describe('DRF sorter', () => {
  it('orders by the largest fraction held of any resource (A17, A19)', () => {
    const { sorter, amounts } = openSorter(drfSorter);
    // Totals: cpus 100, mem 1000. a: cpus 5 % mem 5 % · b: cpus 6 % mem 6 % · c: cpus 1 % mem 1 % · d: cpus 3 % mem 1 %.
    for (const [path, cpus, mem] of [
      ['a', 5, 50],
      ['b', 6, 60],
      ['c', 1, 10],
      ['d', 3, 10],
    ] as const) {
      sorter.charge(active(path, sorter), amounts(cpus, mem), true);
    }
    expect(walk(sorter)).toEqual(['c', 'd', 'a', 'b']);
    expect(sorter.share('d')).toBe(0.03);
  });

  it('prefers the fewer allocations at equal shares, then the path in byte order (A19, A21)', () => {
    const { sorter, amounts } = openSorter(drfSorter);
    const z = active('z', sorter);
    active('é', sorter);
    active('b', sorter);
    sorter.charge(active('a', sorter), amounts(0), true);
    sorter.charge(z, amounts(1), true);
    sorter.credit(z, amounts(1));
    expect(walk(sorter)).toEqual(['b', 'é', 'a', 'z']);
  });

  it('divides the share of a path by its weight, also when the weight came first (A18)', () => {
    const { sorter, amounts } = openSorter(drfSorter);
    sorter.setWeight('b', 4);
    sorter.charge(active('a', sorter), amounts(5), true);
    sorter.charge(active('b', sorter), amounts(10), true);
    expect(walk(sorter)).toEqual(['b', 'a']);
    sorter.setWeight('a', 10);
    expect(walk(sorter)).toEqual(['a', 'b']);
    expect([sorter.share('a'), sorter.share('b')]).toEqual([0.005, 0.025]);
  });

  it('compares siblings, so that a starving leaf under a rich parent waits (A16, A20)', () => {
    const { sorter, amounts } = openSorter(drfSorter);
    sorter.charge(active('a/rich', sorter), amounts(30), true);
    active('a/starving', sorter);
    sorter.charge(active('b', sorter), amounts(10), true);
    expect(sorter.listing()).toEqual(['b', 'a/starving', 'a/rich']);
    expect(sorter.share('a')).toBe(0.3);
  });

  it('represents a client with descendants by a virtual leaf of weight 1 that keeps holdings and count (A16, A18)', () => {
    const { sorter, amounts } = openSorter(drfSorter);
    sorter.setWeight('a', 2);
    const a = active('a', sorter);
    sorter.charge(a, amounts(10), true);
    const child = active('a/b', sorter);
    sorter.charge(child, amounts(4), true);
    expect([sorter.share('a'), sorter.share('a/.'), sorter.share('a/b')]).toEqual([0.07, 0.1, 0.04]);
    expect(sorter.listing()).toEqual(['a/b', 'a']);
    sorter.credit(child, amounts(4));
    sorter.remove(child);
    expect([sorter.share('a'), sorter.share('a/.')]).toEqual([0.05, undefined]);
    expect(walk(sorter)).toEqual(['a']);
  });

  it('keeps the counts of removed descendants on inner nodes (A21)', () => {
    const { sorter, amounts } = openSorter(drfSorter);
    active('a/x', sorter);
    const gone = active('a/y', sorter);
    active('b', sorter);
    sorter.charge(gone, amounts(1), true);
    sorter.credit(gone, amounts(1));
    sorter.remove(gone);
    // Shares are all 0; a has been allocated to once, b never.
    expect(sorter.listing()).toEqual(['b', 'a/x']);
  });

  it('counts what inactive clients hold in their ancestors (A22)', () => {
    const { sorter, amounts } = openSorter(drfSorter);
    sorter.charge(sorter.add('a/suppressed', 'a/suppressed'), amounts(20), true);
    active('a/active', sorter);
    sorter.charge(active('b', sorter), amounts(10), true);
    expect(sorter.listing()).toEqual(['b', 'a/active']);
  });

  it('sorts anew when totals change (A25)', () => {
    const { sorter, totals, amounts } = openSorter(drfSorter);
    sorter.charge(active('cpu', sorter), amounts(10), true);
    sorter.charge(active('mem', sorter), amounts(0, 90), true);
    expect(walk(sorter)).toEqual(['mem', 'cpu']);
    totals.add(0, 900_000);
    expect(walk(sorter)).toEqual(['cpu', 'mem']);
    expect(sorter.share('cpu')).toBe(0.01);
  });

  it('charges a shared volume once to each holder and once to their common ancestor (A23)', () => {
    const { sorter } = openSorter(drfSorter);
    const volume = new Amounts();
    volume.shared.push({ agent: 1, kind: 7, name: 1, milli: 100_000, copies: 1 });
    const x = active('a/x', sorter);
    const y = active('a/y', sorter);
    for (const client of [x, x, y]) sorter.charge(client, volume, true);
    expect([sorter.share('a'), sorter.share('a/x'), sorter.share('a/y')]).toEqual([0.1, 0.1, 0.1]);
    sorter.credit(x, volume);
    expect(sorter.share('a/x')).toBe(0.1);
    sorter.credit(x, volume);
    expect([sorter.share('a'), sorter.share('a/x')]).toEqual([0.1, 0]);
    sorter.credit(y, volume);
    expect(sorter.share('a')).toBe(0);
  });

  it('does not count a conversion as an allocation (A27)', () => {
    const { sorter, amounts } = openSorter(drfSorter);
    active('b', sorter);
    const a = active('a', sorter);
    sorter.charge(a, amounts(1), false);
    sorter.credit(a, amounts(1));
    expect(walk(sorter)).toEqual(['a', 'b']);
  });

  it('makes room when new resource names come up', () => {
    const { sorter, totals, names, amounts } = openSorter(drfSorter);
    const a = active('a', sorter);
    sorter.charge(a, amounts(50), true);
    const list = new Amounts();
    for (let i = 0; i < 20; i++) {
      totals.add(names.intern(`r${i}`), 10_000);
      list.add(names.intern(`r${i}`), i * 100);
    }
    sorter.charge(active('b', sorter), list, true);
    expect([sorter.share('a'), sorter.share('b')]).toEqual([0.5, 0.19]);
  });
});
