import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMA, FragmentList } from './fragment-list.js';

function textOf(list: FragmentList): string {
  const chunks: Buffer[] = [];
  list.writeTo(chunks);
  return Buffer.concat(chunks).toString();
}

function filled(count: number): FragmentList {
  const list = new FragmentList(COMMA);
  for (let i = 0; i < count; i++) list.set(`k${i}`, Buffer.from(String(i)));
  return list;
}

describe('FragmentList', () => {
  it('writes nothing when it is empty', () => {
    expect(textOf(new FragmentList(COMMA))).toBe('');
  });

  it('separates elements by commas across pages', () => {
    expect(textOf(filled(200))).toBe(Array.from({ length: 200 }, (_, i) => i).join(','));
  });

  it('replaces an element in its place', () => {
    const list = filled(3);
    list.set('k1', Buffer.from('x'));
    expect(textOf(list)).toBe('0,x,2');
  });

  it('leaves no trace of a page that has lost all its elements', () => {
    const list = filled(130);
    for (let i = 0; i < 128; i++) list.delete(`k${i}`);
    expect(textOf(list)).toBe('128,129');
    expect(list.size).toBe(2);
  });

  it('takes elements again after its last page went away', () => {
    const list = filled(1);
    list.delete('k0');
    list.set('k9', Buffer.from('9'));
    expect(textOf(list)).toBe('9');
  });

  it('encodes only pages in which something has changed', () => {
    const list = filled(130);
    const before: Buffer[] = [];
    list.writeTo(before);
    list.set('k129', Buffer.from('x'));
    const after: Buffer[] = [];
    list.writeTo(after);
    expect(after.map((chunk, i) => chunk === before[i])).toEqual([true, true, true, true, false]);
  });

  it('has one element by its key, whether it was read meanwhile or not', () => {
    const list = filled(3);
    expect(String(list.get('k1'))).toBe('1');
    textOf(list);
    expect(String(list.get('k2'))).toBe('2');
    expect(list.get('k3')).toBeUndefined();
  });

  it('sends what is left of many pages in few', () => {
    const list = filled(6_400);
    for (let i = 0; i < 6_400; i++) if (i % 64 !== 0) list.delete(`k${i}`);
    const chunks: Buffer[] = [];
    list.writeTo(chunks);
    expect(Buffer.concat(chunks).toString()).toBe(Array.from({ length: 100 }, (_, i) => i * 64).join(','));
    expect(chunks.length).toBeLessThan(10);
  });

  it('is after any changes and readings what a list of the same elements is, with and without a separator', () => {
    const change = fc.record({
      key: fc.nat({ max: 150 }).map(String),
      text: fc.option(fc.stringMatching(/^[a-z]{0,5}$/), { nil: undefined }),
      isRead: fc.boolean(),
    });
    const changes = fc.array(change, { maxLength: 400, size: 'max' });
    fc.assert(
      fc.property(changes, fc.constantFrom(',', ''), (all, separator) => {
        const list = new FragmentList(Buffer.from(separator));
        const plain = new Map<string, string>();
        for (const { key, text, isRead } of all) {
          if (text === undefined) plain.delete(key);
          else plain.set(key, text);
          if (text === undefined) list.delete(key);
          else list.set(key, Buffer.from(text));
          if (isRead) textOf(list);
        }
        expect(textOf(list)).toBe([...plain.values()].join(separator));
        for (const [key, text] of plain) expect(String(list.get(key))).toBe(text);
        expect(list.size).toBe(plain.size);
      }),
    );
  });
});
