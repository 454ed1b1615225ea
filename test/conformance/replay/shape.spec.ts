import { describe, expect, it } from 'vitest';
import { shapeDifferences, shapeOf } from './shape.js';

const differences = (recorded: unknown, own: unknown): string[] => shapeDifferences(shapeOf(recorded), shapeOf(own));

describe('shapeDifferences', () => {
  it('names what is missing, what is more, and what is of another type', () => {
    expect(differences({ a: 1, b: { c: 'x' } }, { b: { c: 2, d: 1 } })).toEqual([
      '.a is missing',
      '.b.c is number instead of string',
      '.b.d is more',
    ]);
  });

  it('asks of items of a list only for what all recorded ones have', () => {
    const recorded = { list: [{ id: 1, name: 'a' }, { id: 2 }] };
    expect(differences(recorded, { list: [{ id: 3 }] })).toEqual([]);
    expect(differences(recorded, { list: [{ name: 'b' }] })).toEqual(['.list[].id is missing']);
    expect(differences(recorded, { list: [{ id: 1, other: 1 }] })).toEqual(['.list[].other is more']);
    expect(differences(recorded, { list: [] })).toEqual([]);
  });

  it('takes the names in maps for data', () => {
    expect(differences({ flags: { a: '1' } }, { flags: { b: '2' } })).toEqual([]);
    expect(differences({ flags: { a: '1' } }, { flags: { b: 2 } })).toEqual(['.flags[] is number instead of string']);
  });
});
