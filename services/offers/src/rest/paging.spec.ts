import { ProblemError } from '@tranche/http';
import { describe, expect, it } from 'vitest';
import { checkQuery, pageOf, passes, type Placed } from './paging.js';

const entries = (): Placed<string>[] =>
  ['c', 'a', 'b', 'd'].map((entry) => ({ entry, rank: entry === 'd' ? 0 : 1, key: entry }));

describe('a list', () => {
  it('goes on where its cursor says, also when entries have come and gone', () => {
    const first = pageOf(entries(), { limit: '2' }, 7, (entry) => entry);
    expect(first).toEqual({ items: ['d', 'a'], next: expect.any(String), asOf: 7 });
    const fewer = entries().filter(({ entry }) => entry !== 'a');
    expect(pageOf(fewer, { limit: '2', after: first.next }, 8, (entry) => entry)).toEqual({
      items: ['b', 'c'],
      asOf: 8,
    });
  });

  it('names every fault of its query', () => {
    const faults = () => checkQuery({ limit: '0', stat: 'x' }, ['state']);
    expect(faults).toThrow(ProblemError);
    expect(faults).toThrow(
      'stat is no parameter; known are limit, after, state; limit must be an integer from 1 to 1000',
    );
  });

  it('refuses a cursor that is none', () => {
    expect(() => pageOf(entries(), { after: 'x' }, 0, (entry) => entry)).toThrow('is no cursor');
  });

  it('takes repeated filters as alternatives', () => {
    expect(passes({ state: ['a', 'b'] }, 'state', 'b')).toBe(true);
    expect(passes({ state: 'a' }, 'state', 'b')).toBe(false);
    expect(passes({}, 'state', 'b')).toBe(true);
  });
});
