import { describe, expect, it } from 'vitest';
import { bigIntToInt64, doubleToNumber, int64ToBigInt, numberToDouble } from './scalars.js';

describe('doubles', () => {
  it.each([1.5, 0, Infinity, -Infinity, NaN])('%d is the same after being made JSON-safe', (value) => {
    const safe: unknown = JSON.parse(JSON.stringify(numberToDouble(value)));
    expect(doubleToNumber(safe as number)).toBe(value);
  });
});

describe('64-bit integers', () => {
  it.each([
    [5n, 5],
    [9007199254740991n, 9007199254740991],
    [9007199254740992n, '9007199254740992'],
    [-9223372036854775808n, '-9223372036854775808'],
  ])('%d is held as %j', (integer, safe) => {
    expect(bigIntToInt64(integer)).toBe(safe);
    expect(int64ToBigInt(safe)).toBe(integer);
  });
});
