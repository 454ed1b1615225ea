import { describe, expect, it } from 'vitest';
import { compareBytes } from './byte-order.js';

describe('compareBytes', () => {
  it('puts a prefix first', () => {
    expect(compareBytes('cpus', 'cpus(r)')).toBeLessThan(0);
  });

  it('finds equal texts equal', () => {
    expect(compareBytes('ä', 'ä')).toBe(0);
  });

  it('puts upper case before lower case, as bytes do', () => {
    expect(compareBytes('Z', 'a')).toBeLessThan(0);
  });

  it('puts a character above U+FFFF after every other, unlike a comparison of UTF-16 units', () => {
    expect(['\uff5e', '\u{1f600}'].toSorted()).toEqual(['\u{1f600}', '\uff5e']);
    expect(compareBytes('\u{1f600}', '\uff5e')).toBeGreaterThan(0);
    expect(compareBytes('\uff5e', '\u{1f600}')).toBeLessThan(0);
  });
});
