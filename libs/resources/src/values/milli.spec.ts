import { describe, expect, it } from 'vitest';
import { formatMilli, fromMilli, toMilli } from './milli.js';

describe('toMilli', () => {
  it.each([
    [1.5015, 1502],
    [1.2345, 1235],
    [0.0005, 1],
    [0.0004, 0],
    [-1.5015, -1502],
    [-0.0005, -1],
    [0, 0],
    [1e12, 1e15],
  ])('rounds %d half away from zero to %d thousandths (A2)', (value, milli) => {
    expect(toMilli(value)).toBe(milli);
  });

  it('makes 0.1 + 0.2 exactly 0.3 (A2)', () => {
    expect(toMilli(0.1) + toMilli(0.2)).toBe(toMilli(0.3));
    expect(fromMilli(toMilli(0.1) + toMilli(0.2))).toBe(0.3);
  });
});

describe('formatMilli', () => {
  it.each([
    [1500, '1.5'],
    [1000, '1'],
    [1, '0.001'],
    [1_000_000_000_000_000, '1000000000000'],
  ])('writes %d thousandths as %s: at most three decimals, no trailing zero', (milli, text) => {
    expect(formatMilli(milli)).toBe(text);
  });
});
