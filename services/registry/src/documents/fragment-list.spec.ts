import { describe, expect, it } from 'vitest';
import { FragmentList, JSON_TEXTS } from './fragment-list.js';

function textOf(list: FragmentList): string {
  const chunks: Buffer[] = [];
  list.writeTo(chunks);
  return Buffer.concat(chunks).toString();
}

function filled(count: number): FragmentList {
  const list = new FragmentList(JSON_TEXTS);
  for (let i = 0; i < count; i++) list.set(`k${i}`, String(i));
  return list;
}

describe('FragmentList', () => {
  it('writes nothing when it is empty', () => {
    expect(textOf(new FragmentList(JSON_TEXTS))).toBe('');
  });

  it('separates elements by commas across pages', () => {
    expect(textOf(filled(200))).toBe(Array.from({ length: 200 }, (_, i) => i).join(','));
  });

  it('replaces an element in its place', () => {
    const list = filled(3);
    list.set('k1', 'x');
    expect(textOf(list)).toBe('0,x,2');
  });

  it('leaves no trace of a page that has lost all its elements', () => {
    const list = filled(130);
    for (let i = 0; i < 128; i++) list.delete(`k${i}`);
    expect(textOf(list)).toBe('128,129');
    expect([list.size, list.oldest()]).toEqual([2, 'k128']);
  });

  it('takes elements again after its last page went away', () => {
    const list = filled(1);
    list.delete('k0');
    list.set('k9', '9');
    expect(textOf(list)).toBe('9');
  });

  it('encodes only pages in which something has changed', () => {
    const list = filled(130);
    const before: Buffer[] = [];
    list.writeTo(before);
    list.set('k129', 'x');
    const after: Buffer[] = [];
    list.writeTo(after);
    expect(after.map((chunk, i) => chunk === before[i])).toEqual([true, true, true, true, false]);
  });
});
