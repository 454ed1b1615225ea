import { describe, expect, it } from 'vitest';
import { type ListQuery, ListRequest, type Placed } from './list-request.js';
import { text } from './openapi/operation.js';
import { ProblemError } from './problem.errors.js';

const FILTERS = { state: { says: 'state', known: ['on', 'off'] }, name: text('name') } as const;

const list = (query: ListQuery) => new ListRequest(query, FILTERS);

/** d, then a, b, c. */
const entries = (): Placed<string>[] =>
  ['c', 'a', 'b', 'd'].map((entry) => ({ entry, rank: entry === 'd' ? 0 : 1, key: entry }));

const page = (query: ListQuery, of = entries(), asOf = 7) => list(query).page(of, asOf, (entry) => entry);

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
      const part = list({ limit: '999', ...(after === undefined ? {} : { after }) }).page(
        shuffled,
        0,
        (entry) => entry,
      );
      found.push(...part.items);
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
        'stat "x" is no parameter; known are limit, after, state, name; state "up" must be one of on, off; ' +
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
});
