import { describe, expect, it } from 'vitest';
import {
  addValues,
  containsValue,
  cutValue,
  equalValues,
  formatValue,
  intersectValues,
  isEmptyValue,
  type ResourceValue,
  subtractValues,
  valueQuantity,
} from './resource-value.js';

const scalar = (milli: number): ResourceValue => ({ kind: 'scalar', milli });
const ports = (begin: number, end: number): ResourceValue => ({ kind: 'ranges', ranges: [{ begin, end }] });
const set = (...items: string[]): ResourceValue => ({ kind: 'set', items });

describe('values', () => {
  it('zero, no range and no item are empty (A1)', () => {
    expect([scalar(0), scalar(-1), set(), { kind: 'ranges', ranges: [] } as const].every(isEmptyValue)).toBe(true);
    expect([scalar(1), set('a'), ports(0, 0)].some(isEmptyValue)).toBe(false);
  });

  it('sets add as union and keep the order in which items came (A3)', () => {
    expect(addValues(set('b', 'a'), set('c', 'a'))).toEqual(set('b', 'a', 'c'));
  });

  it('sets are equal by content, not by order', () => {
    expect(equalValues(set('a', 'b'), set('b', 'a'))).toBe(true);
    expect(equalValues(set('a', 'b'), set('a'))).toBe(false);
  });

  it('differences of sets and ranges need no containment (A4)', () => {
    expect(subtractValues(set('a', 'b'), set('b', 'z'))).toEqual(set('a'));
    expect(subtractValues(ports(1, 5), ports(4, 9))).toEqual(ports(1, 3));
  });

  it('of two kinds neither contain nor equal each other', () => {
    expect(containsValue(scalar(1), set('a'))).toBe(false);
    expect(equalValues(ports(1, 1), scalar(1000))).toBe(false);
  });

  it('of two kinds leave the left one as it is', () => {
    expect(addValues(scalar(1), set('a'))).toEqual(scalar(1));
    expect(subtractValues(scalar(1), set('a'))).toEqual(scalar(1));
  });

  it('ranges count integers and sets items as quantity (A7)', () => {
    expect([scalar(1500), ports(1, 4), set('a', 'b')].map(valueQuantity)).toEqual([1500, 4000, 2000]);
  });

  it('are cut to whole integers and items only', () => {
    expect(cutValue(ports(1, 9), 2999)).toEqual(ports(1, 2));
    expect(cutValue(set('b', 'a'), 1000)).toEqual(set('b'));
    expect(cutValue(scalar(5000), 1500)).toEqual(scalar(1500));
  });

  it('intersect to what both have', () => {
    expect(intersectValues(scalar(3), scalar(2))).toEqual(scalar(2));
    expect(intersectValues(ports(1, 5), ports(4, 9))).toEqual(ports(4, 5));
    expect(intersectValues(set('a', 'b'), set('b', 'c'))).toEqual(set('b'));
  });

  it('are written in canonical form, set items in byte order', () => {
    expect([scalar(1500), ports(1, 4), set('b', 'a')].map(formatValue)).toEqual(['1.5', '[1-4]', '{a, b}']);
  });

  it('stay right for sets too large to scan', () => {
    const many = Array.from({ length: 100 }, (_, i) => `i${i}`);
    expect(subtractValues(set(...many), set(...many.slice(1)))).toEqual(set('i0'));
    expect(containsValue(set(...many), set('i99'))).toBe(true);
  });
});
