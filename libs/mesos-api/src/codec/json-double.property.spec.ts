import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonDouble } from './json-double.js';

describe('jsonDouble', () => {
  it('reads back as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(Number(jsonDouble(value))).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('always has a fraction or an exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(jsonDouble(value)).toMatch(/^-?\d+(?:\.\d+)?(?:e-?\d+)?$/);
        expect(jsonDouble(value)).toMatch(/[.e]/);
      }),
    );
  });

  it('prints seconds of a clock in milliseconds with no more than three decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
        expect(jsonDouble(ms / 1000)).toMatch(/^\d+\.\d{1,3}$/);
      }),
    );
  });
});
