import { describe, expect, it } from 'vitest';
import { Limits } from './quantities/limits.js';
import { Quantities } from './quantities/quantities.js';
import { Resources } from './resources.js';

const shrink = (resources: string, quantities: string) =>
  Resources.parse(resources).cutToQuantities(Quantities.parse(quantities), 'stored').toText();
const limit = (resources: string, limits: string) =>
  Resources.parse(resources).cutToLimits(Limits.parse(limits), 'stored').toText();

describe('cutting to quantities (A9)', () => {
  it.each([
    ['nothing when there are none', 'cpus:1', '', ''],
    ['what is larger is reduced', 'cpus:5;mem:10', 'cpus:2;mem:20', 'cpus:2; mem:10'],
    ['other names are dropped', 'cpus:5;mem:10', 'cpus:2', 'cpus:2'],
    ['objects of a name share the bound in stored order', 'cpus(r):3;cpus:3', 'cpus:4', 'cpus:1; cpus(r):3'],
    ['an object is dropped when nothing is left for it', 'cpus:3;cpus(r):3', 'cpus:3', 'cpus:3'],
    ['ranges keep their lowest integers', 'ports:[1-3,7-10]', 'ports:5', 'ports:[1-3, 7-8]'],
    ['sets keep their first items', 'zones:{b,a,c}', 'zones:2', 'zones:{a, b}'],
    ['less than one integer or item is nothing', 'ports:[1-3];zones:{a}', 'ports:0.5;zones:0.999', ''],
  ])('%s', (_name, resources, quantities, expected) => {
    expect(shrink(resources, quantities)).toBe(expected);
  });

  it.each(['disk[MOUNT:/m]', 'disk[BLOCK]', 'disk(r)[v]', 'disk(r)[PATH:/p,v]', 'disk(r)[v]<SHARED>'])(
    'drops %s when it is larger, since it cannot be cut (A6)',
    (label) => {
      expect(shrink(`${label}:10`, 'disk:9')).toBe('');
      expect(shrink(`${label}:10`, 'disk:10')).toBe(`${label}:10`);
    },
  );

  it.each(['disk', 'disk(r)', 'disk[PATH:/p]', 'disk[RAW]', 'disk{REV}'])('cuts %s (A6)', (label) => {
    expect(shrink(`${label}:10`, 'disk:9')).toBe(`${label}:9`);
  });

  it('goes on after an object that cannot be cut', () => {
    expect(shrink('disk[MOUNT:/m]:10;disk:3', 'disk:5')).toBe('disk:3');
  });

  it('counts a shared volume once and keeps its copies (A5)', () => {
    expect(shrink('disk(r)[v]<SHARED*3>:5;disk:5', 'disk:8')).toBe('disk:3; disk(r)[v]<SHARED*3>:5');
  });
});

describe('cutting to limits (A9)', () => {
  it.each([
    ['everything when there are none', 'cpus:1;disk[MOUNT:/m]:5', '', 'cpus:1; disk[MOUNT:/m]:5'],
    ['unlimited names are kept whole', 'cpus:5;mem:10', 'cpus:2', 'cpus:2; mem:10'],
    ['a zero allows nothing', 'cpus:5;mem:10', 'cpus:0', 'mem:10'],
    ['objects of a name share the limit in stored order', 'cpus(r):3;cpus:3', 'cpus:4', 'cpus:1; cpus(r):3'],
    ['what cannot be cut is dropped', 'disk[MOUNT:/m]:10;disk:3', 'disk:5', 'disk:3'],
  ])('%s', (_name, resources, limits, expected) => {
    expect(limit(resources, limits)).toBe(expected);
  });
});

describe('the order of cutting (A9)', () => {
  /** Numbers from a list, again and again. */
  function sequence(...numbers: number[]): () => number {
    let i = 0;
    return () => numbers[i++ % numbers.length] as number;
  }

  it('is random by the source that is passed in', () => {
    const resources = Resources.parse('cpus:3;cpus(r):3');
    const cut = (random: () => number) => resources.cutToQuantities(Quantities.parse('cpus:3'), random).toText();
    expect([cut(sequence(0)), cut(sequence(0.99))]).toEqual(['cpus(r):3', 'cpus:3']);
  });

  it('can be any of the orders, each as often', () => {
    const resources = Resources.parse('cpus(a):1;cpus(b):1;cpus(c):1');
    const firsts = new Map<string, number>();
    for (const a of [0.1, 0.4, 0.8]) {
      for (const b of [0.2, 0.7]) {
        const first = resources.cutToQuantities(Quantities.parse('cpus:1'), sequence(a, b)).toText();
        firsts.set(first, (firsts.get(first) ?? 0) + 1);
      }
    }
    expect(firsts).toEqual(new Map(['cpus(a):1', 'cpus(b):1', 'cpus(c):1'].map((text) => [text, 2])));
  });
});
