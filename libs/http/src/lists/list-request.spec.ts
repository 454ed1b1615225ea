import { describe, expect, it } from 'vitest';
import type { QueryParameters } from '../openapi/operation.js';
import { list as listOperation } from '../openapi/list-operation.js';
import { role, selector, text } from '../openapi/operation.js';
import { ProblemError } from '../problem.errors.js';
import type { ListQuery } from './list-faults.js';
import type { ListKind } from './list-kind.js';
import { LISTS } from './lists.js';
import { ListRequest, type Placed } from './list-request.js';

interface Item {
  readonly id: string;
  readonly cpus?: number;
  readonly at?: { readonly rack: string };
}

const KIND = {
  filters: { state: { says: 'state', known: ['on', 'off'] }, name: text('name') },
  view: 'ItemView',
  order: '-age',
  sorts: ['age', 'id', 'cpus', 'at.rack'],
  fields: ['id', 'cpus', 'at'],
} as const satisfies ListKind<QueryParameters>;

const list = (query: ListQuery) => new ListRequest(query, KIND);

/** d, then a, b, c. */
const entries = (): Placed<string>[] =>
  ['c', 'a', 'b', 'd'].map((entry) => ({ entry, rank: entry === 'd' ? 0 : 1, key: entry }));

const viewOf = (id: string): Item => ({ id });
const page = (query: ListQuery, of = entries(), asOf = 7) => {
  const { items, ...more } = list(query).page(of, asOf, viewOf);
  return { items: items.map(({ id }) => id), ...more };
};

function problemOf(query: ListQuery): unknown {
  try {
    list(query);
    return undefined;
  } catch (error) {
    return (error as ProblemError).problem;
  }
}

describe('ListRequest', () => {
  it('gives everything up to a hundred by default', () => {
    expect(page({})).toEqual({ items: ['d', 'a', 'b', 'c'], asOf: 7 });
    const many = Array.from({ length: 101 }, (_, rank) => ({ entry: String(rank), rank, key: 'k' }));
    expect(page({}, many).items).toHaveLength(100);
  });

  it('goes on where its cursor says, also when entries have come and gone', () => {
    const first = page({ limit: '2' });
    expect(first).toEqual({ items: ['d', 'a'], next: expect.any(String), asOf: 7 });
    const fewer = entries().filter(({ entry }) => entry !== 'a');
    expect(page({ limit: '2', after: first.next }, fewer, 8)).toEqual({ items: ['b', 'c'], asOf: 8 });
  });

  it('finds the same pages in whatever order a great many entries come', () => {
    const many = Array.from({ length: 5_000 }, (_, i) => ({ entry: i, rank: Math.floor(i / 7), key: `k${i % 7}` }));
    const shuffled = many.toSorted((a, b) => ((a.entry * 7_919) % 5_003) - ((b.entry * 7_919) % 5_003));
    const found: number[] = [];
    for (let after: string | undefined; ; ) {
      const part = list({ limit: '999', ...(after === undefined ? {} : { after }) }).page(shuffled, 0, (n) => ({ n }));
      found.push(...part.items.map(({ n }) => n));
      if (part.next === undefined) break;
      after = part.next;
    }
    expect(found).toEqual(many.map(({ entry }) => entry));
  });

  it('takes repeated filters as alternatives', () => {
    expect(list({ name: ['a', 'b'] }).passes('name', 'b')).toBe(true);
    expect(list({ name: 'a' }).passes('name', 'b')).toBe(false);
    expect(list({}).passes('name', 'b')).toBe(true);
  });

  it('lets an entry of several values pass by any of them', () => {
    expect(list({ name: 'b' }).passes('name', 'a', 'b')).toBe(true);
    expect(list({ name: 'b' }).passes('name')).toBe(false);
  });

  it('names every fault of its query', () => {
    expect(problemOf({ limit: '0', stat: 'x', state: 'up', after: 'x' })).toMatchObject({
      status: 400,
      code: 'request.malformed',
      detail:
        'stat "x" is no parameter; known are limit, after, sort, fields, count, state, name; state "up" must be one of on, off; ' +
        'limit "0" must be an integer from 1 to 1000; after "x" is no cursor that a list has given',
      errors: [{ path: 'stat' }, { path: 'state', value: 'up' }, { path: 'limit', value: '0' }, { path: 'after' }],
    });
  });

  it.each(['0', '1001', 'x', '1.5', '', '01', ['1', '2']])('refuses limit %j', (limit) => {
    expect(problemOf({ limit })).toMatchObject({ errors: [{ path: 'limit', value: limit }] });
  });

  it.each(['', 'x', 'bnVsbA', 'WzFd', ['WzEsImEiXQ', 'WzEsImEiXQ']])('refuses cursor %j', (after) => {
    expect(problemOf({ after })).toMatchObject({ errors: [{ path: 'after', value: after }] });
  });

  describe('sorted by a member', () => {
    const items: Item[] = [
      { id: 'a', cpus: 2 },
      { id: 'b', at: { rack: 'r1' } },
      { id: 'c', cpus: 1, at: { rack: 'r2' } },
      { id: 'd', cpus: 2, at: { rack: 'r1' } },
      { id: 'e', cpus: 10 },
    ];
    const placed = items.map((entry, rank) => ({ entry, rank, key: entry.id }));
    const all = (sort: string, of: readonly Placed<Item>[] = placed, limit = '2'): string[][] => {
      const pages: string[][] = [];
      for (let after: string | undefined; ; ) {
        const query = { sort, limit, ...(after === undefined ? {} : { after }) };
        const part = list(query).page(of, 0, (item) => item);
        pages.push(part.items.map(({ id }) => id));
        if (part.next === undefined) return pages;
        after = part.next;
      }
    };

    it('goes page by page, what lacks the member last, and backwards in exactly the other order of the rest', () => {
      expect(all('cpus')).toEqual([['c', 'a'], ['d', 'e'], ['b']]);
      expect(all('-cpus')).toEqual([['e', 'd'], ['a', 'c'], ['b']]);
      expect(all('at.rack').flat()).toEqual(['b', 'd', 'c', 'a', 'e']);
    });

    it('takes its own order, and that backwards, without a look at members', () => {
      expect(all('-age').flat()).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(all('age').flat()).toEqual(['e', 'd', 'c', 'b', 'a']);
    });

    it('finds the same in whatever order a great many come, and when some come and go between pages', () => {
      const many = Array.from({ length: 3_000 }, (_, i) => {
        const id = `i${String((i * 7_919) % 3_001).padStart(4, '0')}`;
        return { entry: { id, ...(i % 10 === 0 ? {} : { cpus: i % 13 }) }, rank: i % 5, key: id };
      });
      const expected = many
        .toSorted((a, b) => (b.entry.cpus ?? -1) - (a.entry.cpus ?? -1) || b.rank - a.rank || (a.key < b.key ? 1 : -1))
        .map(({ key }) => key);
      expect(all('-cpus', many, '97').flat()).toEqual(expected);
      const first = list({ sort: 'cpus', limit: '2' }).page(placed, 0, (item) => item);
      const changed = placed
        .filter(({ key }) => key !== 'a')
        .concat({ entry: { id: 'x', cpus: 0 }, rank: 9, key: 'x' });
      const second = list({ sort: 'cpus', after: first.next }).page(changed, 1, (item) => item);
      expect(second.items.map(({ id }) => id)).toEqual(['d', 'e', 'b']);
    });

    it('compares texts as databases do: by their bytes', () => {
      const texts = ['\uffee', '😀', 'Z', 'a', 'zz', 'z'].map((id, rank) => ({ entry: { id }, rank, key: id }));
      expect(all('id', texts).flat()).toEqual(['Z', 'a', 'z', 'zz', '\uffee', '😀']);
    });

    it('refuses the cursor of another order, and says of which one it is', () => {
      const { next } = list({ sort: '-cpus', limit: '1' }).page(placed, 0, (item) => item);
      expect(problemOf({ sort: 'cpus', after: next })).toMatchObject({
        errors: [{ path: 'after', message: expect.stringMatching(/list with sort=-cpus: .* with sort=cpus;/) }],
      });
      expect(problemOf({ after: next })).toMatchObject({
        errors: [{ message: expect.stringMatching(/sort=-cpus: .* without sort;/) }],
      });
      const own = list({ limit: '1' }).page(placed, 0, (item) => item);
      expect(problemOf({ sort: '-age', after: own.next })).toBeUndefined();
      expect(problemOf({ sort: 'id', after: own.next })).toMatchObject({
        errors: [{ message: expect.stringMatching(/list without sort: /) }],
      });
    });

    it.each(['size', '-', '', '--id', 'id,cpus', ['id', 'cpus']])('refuses sort %j', (sort) => {
      expect(problemOf({ sort })).toMatchObject({
        errors: [{ path: 'sort', message: 'must be one of age, id, cpus, at.rack, with a - before it backwards' }],
      });
    });

    it('puts pages of its parts together in that order', () => {
      const query = { sort: '-cpus', limit: '2', fields: 'id', count: 'true' };
      const part = (ids: string) =>
        list({ ...query, fields: 'id,cpus' }).page(
          placed.filter(({ key }) => ids.includes(key)),
          3,
          (item) => item,
        );
      const placeOf = ({ id }: Item) => ({ rank: items.findIndex((item) => item.id === id), key: id });
      const merged = list(query).merge([part('abc'), part('de')], placeOf);
      expect(merged).toEqual({ items: [{ id: 'e' }, { id: 'd' }], next: expect.any(String), total: 5, asOf: 6 });
      const rest = list({ ...query, after: merged.next }).page(placed, 0, (item) => item);
      expect(rest.items).toEqual([{ id: 'a' }, { id: 'c' }]);
    });
  });

  it('shows the members that are asked for, and refuses those that there are not', () => {
    const item = { id: 'a', cpus: 2, at: { rack: 'r' } };
    const shown = (fields: string | string[]) =>
      list({ fields }).page([{ entry: item, rank: 0, key: 'a' }], 0, (one) => one).items;
    expect(shown('id,at')).toEqual([{ id: 'a', at: { rack: 'r' } }]);
    expect(shown(['id', 'cpus'])).toEqual([{ id: 'a', cpus: 2 }]);
    expect(problemOf({ fields: 'id,size' })).toMatchObject({
      errors: [{ path: 'fields', value: 'size', message: 'is no field; known are id, cpus, at' }],
    });
  });

  describe('of roles and labels', () => {
    const kind = { ...KIND, filters: { role: role('role'), label: selector('labels') } } as const;
    const asked = (query: ListQuery) => new ListRequest(query, kind);
    const labels: Record<string, string | number> = { rack: 'r1', gen: 2 };

    it.each([
      [{}, 'eng', true],
      [{ role: 'eng' }, 'eng', true],
      [{ role: 'eng' }, 'eng/a', false],
      [{ role: 'eng/*' }, 'eng', false],
      [{ role: 'eng/*' }, 'eng/a/b', true],
      [{ role: 'eng/*' }, 'engine', false],
      [{ role: ['eng', 'eng/*'] }, 'eng', true],
      [{ role: '*' }, 'eng', false],
      [{ role: '*' }, '*', true],
    ])('%j lets role %s pass: %s', (query, name, isWanted) => {
      expect(asked(query).passes('role', name)).toBe(isWanted);
    });

    it.each([
      [{}, true],
      [{ label: 'rack' }, true],
      [{ label: 'gen=2' }, true],
      [{ label: 'rack=r1,gen=3' }, false],
      [{ label: ['gen=3', 'rack!=r2'] }, true],
      [{ label: ['gen=3', 'row'] }, false],
    ])('%j lets rack=r1, gen=2 pass: %s', (query, isWanted) => {
      expect(asked(query).selects('label', (key) => labels[key])).toBe(isWanted);
    });

    it('refuses what is no condition, with the part that is none', () => {
      expect(() => asked({ label: ['a', 'b,=c'] })).toThrow(ProblemError);
      try {
        asked({ label: ['a', 'b,=c'] });
      } catch (error) {
        const message = 'has "=c", which is not KEY, KEY=VALUE or KEY!=VALUE';
        expect((error as ProblemError).problem).toMatchObject({ errors: [{ path: 'label', message, value: 'b,=c' }] });
      }
    });
  });

  it('has a filter for every list, whose documents say that it may be repeated', () => {
    const bare = Object.entries(LISTS).flatMap(([name, { filters }]) =>
      Object.keys(filters).length > 0 ? [] : [name],
    );
    expect(bare).toEqual([]);
    expect(listOperation('agents', LISTS.agents).query).toMatchObject({
      state: { repeats: true },
      attribute: { repeats: true },
    });
    expect(listOperation('agents', LISTS.agents).query?.['limit']).not.toHaveProperty('repeats');
  });

  it('tells no total where it is unknown, of a part or of all', () => {
    const counted = list({ count: 'true' });
    const placed = [{ entry: { id: 'a' }, rank: 0, key: 'a' }];
    const whole = counted.page(placed, 0, (item) => item);
    expect(whole.total).toBe(1);
    const part = counted.page(placed, 0, (item) => item, { total: 'unknown' });
    expect(part).not.toHaveProperty('total');
    expect(counted.merge([whole, part], ({ id }) => ({ rank: 0, key: id }))).not.toHaveProperty('total');
  });

  it('ends where a part of it has not been looked at, and goes on there', () => {
    const placed = ['a', 'b', 'c', 'd'].map((key, rank) => ({ entry: { id: key }, rank, key }));
    const asked = (query: ListQuery) => list({ limit: '3', ...query });
    const short = asked({}).page(placed, 0, (item) => item, { upTo: { rank: 1, key: 'bb' } });
    expect(short.items).toEqual([{ id: 'a' }, { id: 'b' }]);
    const rest = asked({ after: short.next }).page(placed, 0, (item) => item);
    expect(rest).toEqual({ items: [{ id: 'c' }, { id: 'd' }], asOf: 0 });
    // More than fits the page: it ends with its last item, as any other.
    const full = list({ limit: '1' }).page(placed, 0, (item) => item, { upTo: { rank: 1, key: 'bb' } });
    expect(list({ after: full.next }).page(placed, 0, (item) => item).items).toHaveLength(3);
    const none = asked({}).page([], 0, (item: object) => item, { upTo: { rank: 1, key: 'bb' } });
    expect(none).toMatchObject({ items: [], next: short.next });
  });

  it('of parts ends where the first of them does', () => {
    const entries = ['a', 'b', 'c', 'd'].map((key, rank) => ({ entry: { id: key }, rank, key }));
    const placeOf = ({ id }: { id: string }) => ({ rank: 'abcd'.indexOf(id), key: id });
    const ask = list({ limit: '3' });
    const short = ask.page([entries[0]!], 0, (item) => item, { upTo: { rank: 1, key: 'bb' } });
    const other = ask.page([entries[1]!, entries[3]!], 0, (item) => item);
    const merged = ask.merge([short, other], placeOf);
    expect(merged.items).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(merged.next).toBe(short.next);
  });

  it('counts only when it is asked to, on whichever page', () => {
    expect(page({ limit: '1' })).not.toHaveProperty('total');
    const first = page({ limit: '1', count: 'true' });
    expect(first.total).toBe(4);
    expect(page({ limit: '1', count: '', after: first.next }).total).toBe(4);
    expect(problemOf({ count: 'all' })).toMatchObject({ errors: [{ path: 'count' }] });
  });
});
