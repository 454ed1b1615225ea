import { describe, expect, it } from 'vitest';
import { equalByName, nameableKey, resolveReference } from './reference.js';
import type { Resource } from './resource.js';
import { Resources } from './resources.js';

const r = (text: string) => Resources.parse(text);
const dynamic: Resource = {
  name: 'cpus',
  value: { kind: 'scalar', milli: 2000 },
  reservations: [
    { type: 'STATIC', role: 'a' },
    { type: 'DYNAMIC', role: 'a/b', principal: 'p', labels: [{ key: 'k' }] },
  ],
};
const keyOf = (text: string) => nameableKey([...r(text)][0] as Resource);

describe('what people name resources by', () => {
  it('is not whether a reservation is dynamic, who made it, or what is under it', () => {
    expect(nameableKey(dynamic)).toBe(keyOf('cpus(a/b):1'));
  });

  it('is not the number of copies, nor where a volume is mounted', () => {
    const mounted: Resource = {
      ...([...r('disk(r)[v]<SHARED*2>:5')][0] as Resource),
      disk: { persistence: { id: 'v', principal: 'p' }, volume: { mode: 'RW', container_path: 'x' } },
    };
    expect(nameableKey(mounted)).toBe(keyOf('disk(r)[v]<SHARED>:5'));
  });

  it.each([
    ['cpus:1', 'mem:1'],
    ['cpus:1', 'cpus(r):1'],
    ['cpus:1', 'cpus{REV}:1'],
    ['disk[PATH:/a]:1', 'disk[PATH:/b]:1'],
    ['disk[PATH:/a]:1', 'disk[MOUNT:/a]:1'],
    ['disk(r)[v]:1', 'disk(r)[w]:1'],
    ['disk(r)[v]:1', 'disk(r)[v]<SHARED>:1'],
  ])('tells %s from %s', (a, b) => {
    expect(keyOf(a)).not.toBe(keyOf(b));
  });

  it('compares collections by key and amount', () => {
    expect(equalByName(Resources.of([dynamic]).plus(r('cpus(a/b):1')), r('cpus(a/b):3'))).toBe(true);
    expect(equalByName(r('disk(r)[v]<SHARED*2>:5'), r('disk(r)[v]<SHARED>:5'))).toBe(true);
    expect(equalByName(r('cpus:1'), r('cpus:2'))).toBe(false);
  });
});

describe('resolveReference', () => {
  it('takes from matching objects in stored order until the amount is reached', () => {
    const pool = Resources.of([dynamic]).plus(r('cpus(a/b):1;cpus:9'));
    const found = resolveReference(pool, r('cpus(a/b):2.5'));
    expect([...(found ?? [])].map(({ value, reservations }) => [value, reservations.length])).toEqual([
      [{ kind: 'scalar', milli: 2000 }, 2],
      [{ kind: 'scalar', milli: 500 }, 1],
    ]);
  });

  it('finds nothing when there is not enough', () => {
    expect(resolveReference(r('cpus:1;cpus(r):1'), r('cpus:1.5'))).toBeUndefined();
    expect(resolveReference(r('ports:[1-5]'), r('ports:[5-6]'))).toBeUndefined();
  });

  it('takes ranges and items from several objects', () => {
    expect(resolveReference(r('ports:[1-5]'), r('ports:[2-3]'))?.toText()).toBe('ports:[2-3]');
    expect(resolveReference(r('zones:{a,b}'), r('zones:{b}'))?.toText()).toBe('zones:{b}');
  });

  it.each(['disk(r)[v]', 'disk[MOUNT:/m]', 'disk[BLOCK]'])('matches %s in its whole size only', (label) => {
    expect(resolveReference(r(`${label}:5`), r(`${label}:5`))?.toText()).toBe(`${label}:5`);
    expect(resolveReference(r(`${label}:5`), r(`${label}:4`))).toBeUndefined();
  });

  it('does not use one volume for two references', () => {
    expect(resolveReference(r('disk(r)[v]:5'), r('disk(r)[v]:5;disk(r)[v]:5'))).toBeUndefined();
  });

  it('refers to a shared volume once', () => {
    expect(resolveReference(r('disk(r)[v]<SHARED*3>:5'), r('disk(r)[v]<SHARED>:5'))?.toText()).toBe(
      'disk(r)[v]<SHARED>:5',
    );
  });

  it('finds nothing wrong with nothing', () => {
    expect(resolveReference(r('cpus:1'), Resources.EMPTY)?.isEmpty).toBe(true);
  });
});
