import { describe, expect, it } from 'vitest';
import type { ResourceJson } from './json/resource-json.js';
import { hasRefinedReservation, type Resource } from './resource.js';
import { Resources } from './resources.js';

const r = (text: string) => Resources.parse(text);
const sum = (...texts: string[]) =>
  texts
    .map(r)
    .reduce((a, b) => a.plus(b))
    .toText();
const disk = (more: Partial<ResourceJson>): ResourceJson => ({
  name: 'disk',
  type: 'SCALAR',
  scalar: { value: 5 },
  ...more,
});

describe('kinds and fixed point', () => {
  it('never hold a zero, an empty range list or an empty set (A1)', () => {
    expect(
      Resources.of([...r('cpus:1')].map((cpus) => ({ ...cpus, value: { kind: 'scalar', milli: 0 } as const }))).isEmpty,
    ).toBe(true);
    expect(r('cpus:1;ports:[1-2];zones:{a}').minus(r('cpus:1;ports:[1-2];zones:{a}')).isEmpty).toBe(true);
  });

  it('add 0.1 and 0.2 to exactly 0.3 (A2)', () => {
    expect(r('cpus:0.1').plus(r('cpus:0.2')).equals(r('cpus:0.3'))).toBe(true);
  });

  it('are equal when they agree after rounding (A2)', () => {
    expect(r('cpus:1.2345').equals(r('cpus:1.235'))).toBe(true);
  });
});

describe('addition (A3)', () => {
  it('merges equal identities and keeps others apart', () => {
    expect(sum('cpus:1.5;ports:[1-2]', 'cpus(r):1;ports:[3-4]')).toBe('cpus:1.5; cpus(r):1; ports:[1-4]');
  });

  it('adds ranges and sets as union', () => {
    expect(sum('ports:[1-2];zones:{a,b}', 'ports:[2-4];zones:{b,c}')).toBe('ports:[1-4]; zones:{a, b, c}');
  });

  it.each([
    ['revocable and regular ones', 'cpus:1', 'cpus{REV}:1', 'cpus:1; cpus{REV}:1'],
    ['disks of two roots', 'disk[PATH:/a]:1', 'disk[PATH:/b]:1', 'disk[PATH:/a]:1; disk[PATH:/b]:1'],
    ['two MOUNT disks', 'disk[MOUNT:/m]:1', 'disk[MOUNT:/m]:1', 'disk[MOUNT:/m]:1; disk[MOUNT:/m]:1'],
    ['two BLOCK disks', 'disk[BLOCK]:1', 'disk[BLOCK]:1', 'disk[BLOCK]:1; disk[BLOCK]:1'],
    ['two persistent volumes', 'disk(r)[v]:1', 'disk(r)[v]:1', 'disk(r)[v]:1; disk(r)[v]:1'],
  ])('never merges %s', (_name, a, b, expected) => {
    expect(sum(a, b)).toBe(expected);
  });

  it.each([
    ['PATH disks of one root', 'disk[PATH:/a]:1', 'disk[PATH:/a]:2', 'disk[PATH:/a]:3'],
    ['RAW disks without id', 'disk[RAW]:1', 'disk[RAW]:2', 'disk[RAW]:3'],
  ])('merges %s', (_name, a, b, expected) => {
    expect(sum(a, b)).toBe(expected);
  });

  it('never merges RAW disks with an id', () => {
    const raw = Resources.fromJson([disk({ disk: { source: { type: 'RAW', id: 'x' } } })]);
    expect(raw.plus(raw).size).toBe(2);
  });

  it('merges regardless of how a disk is mounted', () => {
    const mounted = (container_path: string) =>
      Resources.fromJson([disk({ disk: { source: { type: 'PATH' }, volume: { mode: 'RW', container_path } } })]);
    expect(mounted('a').plus(mounted('b')).size).toBe(1);
  });

  it('never merges across allocation roles', () => {
    const both = r('cpus:1').withAllocationRole('a').plus(r('cpus:1').withAllocationRole('b'));
    expect(both.size).toBe(2);
    expect(both.withoutAllocationRole().toText()).toBe('cpus:2');
    expect(both.withAllocationRole('c').size).toBe(1);
  });

  it('keeps stored order and appends what is new', () => {
    expect(String(r('mem:1;cpus:1').plus(r('disk:1;cpus:1')))).toBe('mem:1; cpus:2; disk:1');
  });

  it('leaves its operands as they were', () => {
    const [a, b] = [r('cpus:1'), r('cpus:2')];
    a.plus(b);
    a.minus(b);
    expect([a.toText(), b.toText()]).toEqual(['cpus:1', 'cpus:2']);
  });
});

describe('containment (A4)', () => {
  it.each([
    ['cpus:2', 'cpus:1', true],
    ['cpus:1', 'cpus:1', true],
    ['cpus:1', 'cpus:1.001', false],
    ['cpus:1', '', true],
    ['', 'cpus:1', false],
    ['cpus:1;cpus(r):1', 'cpus:2', false],
    ['cpus(r):2', 'cpus:1', false],
    ['cpus(r):2', 'cpus(s):1', false],
    ['cpus:2', 'cpus{REV}:1', false],
    ['ports:[1-4]', 'ports:[1-2,4-4]', true],
    ['ports:[1-2,4-5]', 'ports:[1-4]', false],
    ['ports:[1-2,3-4]', 'ports:[2-3]', true],
    ['zones:{a,b}', 'zones:{b}', true],
    ['zones:{a}', 'zones:{a,b}', false],
    ['disk[PATH:/p]:10', 'disk[PATH:/p]:5', true],
    ['disk[MOUNT:/m]:10', 'disk[MOUNT:/m]:5', false],
    ['disk[MOUNT:/m]:10', 'disk[MOUNT:/m]:10', true],
    ['disk[BLOCK]:10', 'disk[BLOCK]:5', false],
    ['disk[RAW]:10', 'disk[RAW]:5', true],
    ['disk(r)[v]:10', 'disk(r)[v]:5', false],
    ['disk(r)[v]:10', 'disk(r)[w]:10', false],
    ['disk(r)[PATH:/p,v]:10', 'disk(r)[PATH:/p,v]:5', false],
    ['disk(r)[v]:5', 'disk(r)[v]:5;disk(r)[v]:5', false],
    ['disk(r)[v]:5;disk(r)[v]:5', 'disk(r)[v]:5;disk(r)[v]:5', true],
    ['disk[MOUNT:/m]:5', 'disk[MOUNT:/m]:5;disk[MOUNT:/m]:5', false],
    ['disk[MOUNT:/m]:5;disk[MOUNT:/m]:7', 'disk[MOUNT:/m]:7', true],
  ])('%j contains %j: %s', (a, b, expected) => {
    expect(r(a).contains(r(b))).toBe(expected);
  });

  it('covers a RAW disk with an id only by an equal one', () => {
    const raw = (value: number) =>
      Resources.fromJson([disk({ scalar: { value }, disk: { source: { type: 'RAW', id: 'x' } } })]);
    expect([raw(5).contains(raw(5)), raw(5).contains(raw(4))]).toEqual([true, false]);
  });

  it('is equality when it holds both ways', () => {
    expect(r('cpus:1;mem:2').equals(r('mem:2;cpus:1'))).toBe(true);
    expect(r('cpus:1;mem:2').equals(r('cpus:1'))).toBe(false);
    expect(r('cpus:1').equals(r('mem:1'))).toBe(false);
  });
});

describe('subtraction (A4)', () => {
  it.each([
    ['cpus:3;mem:1', 'cpus:1', 'cpus:2; mem:1'],
    ['cpus:1;mem:1', 'cpus:1', 'mem:1'],
    ['cpus:1;mem:1', 'cpus:2', 'mem:1'],
    ['cpus:1', 'mem:1', 'cpus:1'],
    ['cpus:1', 'cpus(r):1', 'cpus:1'],
    ['ports:[1-5]', 'ports:[4-9]', 'ports:[1-3]'],
    ['zones:{a,b}', 'zones:{b,c}', 'zones:{a}'],
    ['disk[MOUNT:/m]:10', 'disk[MOUNT:/m]:5', 'disk[MOUNT:/m]:10'],
    ['disk[MOUNT:/m]:10', 'disk[MOUNT:/m]:10', ''],
    ['disk(r)[v]:5;disk(r)[v]:5', 'disk(r)[v]:5', 'disk(r)[v]:5'],
    ['disk[PATH:/p]:10', 'disk[PATH:/p]:4', 'disk[PATH:/p]:6'],
  ])('%j minus %j is %j', (a, b, expected) => {
    expect(r(a).minus(r(b)).toText()).toBe(expected);
  });

  it('keeps the order of what remains', () => {
    expect(String(r('cpus:1;mem:1;disk:1').minus(r('cpus:1')))).toBe('mem:1; disk:1');
  });
});

describe('shared volumes (A5)', () => {
  const one = r('disk(r)[v]<SHARED>:5');

  it('are counted: adding raises, subtracting lowers the copies, and at zero the object is gone', () => {
    const two = one.plus(one);
    expect(two.toText()).toBe('disk(r)[v]<SHARED*2>:5');
    expect(two.minus(one).toText()).toBe('disk(r)[v]<SHARED>:5');
    expect(two.minus(two.plus(one)).isEmpty).toBe(true);
  });

  it('compare their copies in containment', () => {
    const two = one.plus(one);
    expect([two.contains(one), two.contains(two), one.contains(two)]).toEqual([true, true, false]);
  });

  it('are apart when their sizes differ', () => {
    expect(sum('disk(r)[v]<SHARED>:5', 'disk(r)[v]<SHARED>:6')).toBe('disk(r)[v]<SHARED>:5; disk(r)[v]<SHARED>:6');
    expect(one.contains(r('disk(r)[v]<SHARED>:4'))).toBe(false);
  });

  it('are another thing than the volume unshared', () => {
    expect(one.contains(r('disk(r)[v]:5'))).toBe(false);
  });

  it('count once as a quantity, whatever their copies', () => {
    expect(r('disk(r)[v]<SHARED*3>:5;disk:1').quantities().toText()).toBe('disk:6');
  });

  it('come as copies when a list of documents repeats them', () => {
    const json = disk({ role: 'r', disk: { persistence: { id: 'v' } }, shared: {} });
    expect(Resources.fromJson([json, json]).equals(one.plus(one))).toBe(true);
  });
});

describe('quantities (A7)', () => {
  it('sum over all objects of a name, count integers of ranges and items of sets', () => {
    expect(r('cpus:1;cpus(r):2;cpus{REV}:3;ports:[1-3,7-7];zones:{a,b}').quantities().toText()).toBe(
      'cpus:6; ports:4; zones:2',
    );
  });

  it('hold only scalars for quota, headroom and shares', () => {
    expect(r('cpus:1;ports:[1-3];zones:{a}').scalarQuantities().toText()).toBe('cpus:1');
  });

  it('are found by name, ranges joined', () => {
    const resources = r('cpus:1;cpus(r):2.5;ports:[1-3];ports(r):[4-5]');
    expect(resources.scalarMilli('cpus')).toBe(3500);
    expect(resources.scalarMilli('ports')).toBe(0);
    expect(resources.ranges('ports')).toEqual([{ begin: 1, end: 5 }]);
    expect(resources.ranges('cpus')).toEqual([]);
  });
});

describe('reservations (A10)', () => {
  const mixed = r('cpus:1;cpus(a):2;cpus(a/b):3;cpus(a/b/c):4;cpus(a/x):5;cpus(ab):6');

  it('let a role have what is unreserved, its own and that of its ancestors', () => {
    expect(mixed.allocatableTo('a/b').toText()).toBe('cpus:1; cpus(a):2; cpus(a/b):3');
  });

  it('let role * have only what is unreserved', () => {
    expect(mixed.allocatableTo('*').toText()).toBe('cpus:1');
  });

  it('select by exact role', () => {
    expect(mixed.reserved('a').toText()).toBe('cpus(a):2');
    expect(mixed.reserved().size).toBe(5);
    expect(mixed.unreserved().toText()).toBe('cpus:1');
  });

  it('go by the last entry of the stack; two entries are refined', () => {
    const refined = Resources.fromJson([
      {
        name: 'cpus',
        type: 'SCALAR',
        scalar: { value: 1 },
        reservations: [
          { type: 'STATIC', role: 'a' },
          { type: 'DYNAMIC', role: 'a/b' },
        ],
      },
    ]);
    expect([refined.reserved('a').isEmpty, refined.reserved('a/b').isEmpty]).toEqual([true, false]);
    expect(refined.refined().size).toBe(1);
    expect(hasRefinedReservation([...refined][0] as Resource)).toBe(true);
    expect(refined.allocatableTo('a').isEmpty).toBe(true);
  });

  it('can be dropped altogether', () => {
    expect(mixed.withoutReservations().toText()).toBe('cpus:21');
  });
});

describe('selections', () => {
  const all = r('cpus:1;cpus{REV}:2;disk(r)[v]<SHARED>:3');

  it('tell revocable and shared resources from others', () => {
    expect(all.revocable().toText()).toBe('cpus{REV}:2');
    expect(all.nonRevocable().toText()).toBe('cpus:1; disk(r)[v]<SHARED>:3');
    expect(all.shared().toText()).toBe('disk(r)[v]<SHARED>:3');
    expect(all.nonShared().toText()).toBe('cpus:1; cpus{REV}:2');
  });

  it('return the collection itself when they keep all', () => {
    expect(all.filter(() => true)).toBe(all);
    expect(all.minus(Resources.EMPTY)).toBe(all);
  });
});

describe('the allocation role', () => {
  it('is set on and removed from every object', () => {
    const allocated = r('cpus:1;mem:2').withAllocationRole('a');
    expect([...allocated].map(({ allocationRole }) => allocationRole)).toEqual(['a', 'a']);
    expect(allocated.withoutAllocationRole().equals(r('cpus:1;mem:2'))).toBe(true);
    expect(allocated.withAllocationRole('a')).toBe(allocated);
  });

  it('is read from and written to documents', () => {
    const [json] = r('cpus:1').withAllocationRole('a').toJson();
    expect(json?.allocation_info).toEqual({ role: 'a' });
    expect(Resources.fromJson([json as ResourceJson]).equals(r('cpus:1').withAllocationRole('a'))).toBe(true);
  });
});

describe('documents', () => {
  it('in the older form are static and dynamic reservations', () => {
    const cpus = { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } } as const;
    const [first, second, third] = Resources.fromJson([
      { ...cpus, role: '*' },
      { ...cpus, role: 'r' },
      { ...cpus, role: 'r', reservation: { principal: 'p' } },
    ]);
    expect(first?.reservations).toEqual([]);
    expect(second?.reservations).toEqual([{ type: 'STATIC', role: 'r' }]);
    expect(third?.reservations).toEqual([{ type: 'DYNAMIC', role: 'r', principal: 'p' }]);
  });

  it('that are invalid are refused with the words of Mesos', () => {
    expect(() => Resources.fromJson([{ name: '', type: 'SCALAR', scalar: { value: 1 } }])).toThrow(
      "Resource ':1' is invalid: Empty resource name",
    );
  });
});
