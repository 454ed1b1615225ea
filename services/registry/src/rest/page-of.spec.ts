import { describe, expect, it } from 'vitest';
import { pageOf, parsePage } from './page-of.js';

const page = (limit: number, after?: string, hidden = '') =>
  pageOf(['a', 'b', 'c', 'd'], { limit, after }, String, (entry) => (entry === hidden ? undefined : entry), 7);

describe('pageOf', () => {
  it('names the item after which the next page begins', () => {
    expect(page(2)).toEqual({ items: ['a', 'b'], next: 'b', asOf: 7 });
    expect(page(2, 'b')).toEqual({ items: ['c', 'd'], asOf: 7 });
  });

  it('does not count what a filter hides', () => {
    expect(page(2, undefined, 'b')).toEqual({ items: ['a', 'c'], next: 'c', asOf: 7 });
  });

  it('cannot go on after an item that is gone', () => {
    expect(page(2, 'x')).toBeUndefined();
  });
});

describe('parsePage', () => {
  it('gives a hundred from the beginning by default', () => {
    expect(parsePage({})).toEqual({ ok: true, page: { limit: 100, after: undefined } });
  });

  it('names every mistake, unknown names among them', () => {
    expect(parsePage({ limit: '0', sate: 'active', state: 'active' }, ['state'])).toMatchObject({
      ok: false,
      mistakes: [{ path: 'sate', message: 'is no parameter; known are limit, after, state' }, { path: 'limit' }],
    });
  });

  it.each(['0', '1001', 'x', '1.5', ''])('refuses limit %j', (limit) => {
    expect(parsePage({ limit })).toMatchObject({ ok: false, mistakes: [{ path: 'limit', value: limit }] });
  });
});
