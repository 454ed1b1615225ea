import { describe, expect, it } from 'vitest';
import { jsonDouble } from './json-double.js';

describe('jsonDouble', () => {
  it.each([
    [0, '0.0'],
    [-0, '-0.0'],
    [4, '4.0'],
    [0.1, '0.1'],
    [-1.5, '-1.5'],
    [1760000000.5, '1760000000.5'],
    [1e20, '100000000000000000000.0'],
    [1e21, '1e21'],
    [1.5e300, '1.5e300'],
    [0.000001, '0.000001'],
    [1e-7, '1e-7'],
    [5e-324, '5e-324'],
  ])('prints %d as %s', (value, text) => {
    expect(jsonDouble(value)).toBe(text);
  });

  it.each([
    [Infinity, 'Infinity'],
    ['-Infinity', '-Infinity'],
    ['NaN', 'NaN'],
  ])('prints %s as a bare word', (value, text) => {
    expect(jsonDouble(value)).toBe(text);
  });

  // Numbers that a real Mesos printed; where the shortest closest digits differ they stand to the right.
  it.each([
    '1795354087.313187',
    '1795354088.7721072', // 1795354088.7721071
    '1795353826.0498954', // 1795353826.0498953
    '0.039449599999999859', // 0.039449599999999856
    '9223372036.854777', // 9223372036.854776
    '0.022323199999999985', // 0.022323199999999984
    '16.32470703125',
  ])('prints %s as Mesos did', (text) => {
    expect(jsonDouble(Number(text))).toBe(text);
  });
});
