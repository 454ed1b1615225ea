import { describe, expect, it } from 'vitest';
import { nameItem } from '../lists/item-names.js';
import { ListChanges } from './list-changes.js';

const page = (asOf: number, ...items: { id: string }[]) => ({
  items: items.map((item) => nameItem({ ...item }, item.id)),
  asOf,
});
const a = { id: 'a', state: 'on' };
const b = { id: 'b', state: 'on' };

describe('ListChanges', () => {
  it('begins with every item, and says when that was all', () => {
    expect(new ListChanges('s').begin(page(7, a, b))).toEqual([
      { event: 'snapshot', data: a },
      { event: 'snapshot', data: b },
      { event: 'ready', data: { asOf: 7 }, id: 's:7' },
    ]);
  });

  it('tells what is new, other and gone, and numbers the last of it', () => {
    const changes = new ListChanges('s');
    changes.begin(page(7, a, b));
    const other = { id: 'a', state: 'off' };
    const c = { id: 'c', state: 'on' };
    expect(changes.next(page(9, other, c))).toEqual([
      { event: 'changed', data: other },
      { event: 'changed', data: c },
      { event: 'removed', data: b, id: 's:9' },
    ]);
    expect(changes.next(page(10, other, c))).toEqual([]);
  });

  it('resumes only where nothing can have been missed', () => {
    expect(new ListChanges('s').resume(page(7, a), 's:7')).toEqual([{ event: 'ready', data: { asOf: 7 }, id: 's:7' }]);
    expect(new ListChanges('s').resume(page(8, a), 's:7')).toBeUndefined();
    expect(new ListChanges('other').resume(page(7, a), 's:7')).toBeUndefined();
    const resumed = new ListChanges('s');
    resumed.resume(page(7, a, b), 's:7');
    expect(resumed.next(page(8, a))).toEqual([{ event: 'removed', data: b, id: 's:8' }]);
  });

  it('tells items apart by their place in the list, also where they are shown without what names them', () => {
    const shown = (key: string, state: string) => nameItem({ state }, key);
    const changes = new ListChanges('s');
    changes.begin({ items: [shown('F1/t', 'on'), shown('F2/t', 'on')], asOf: 1 });
    expect(changes.next({ items: [shown('F1/t', 'on'), shown('F2/t', 'off')], asOf: 2 })).toEqual([
      { event: 'changed', data: { state: 'off' }, id: 's:2' },
    ]);
  });
});
