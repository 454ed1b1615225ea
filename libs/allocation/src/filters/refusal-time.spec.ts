import { describe, expect, it } from 'vitest';
import { DEFAULT_REFUSAL_NS, MAX_REFUSAL_NS, refusalNs } from './refusal-time.js';

describe('time of a refusal (A56)', () => {
  it('is what the framework says, to the nanosecond', () => {
    expect([refusalNs(3), refusalNs(0.000_000_001), refusalNs(0)]).toEqual([3e9, 1, 0]);
  });

  it('is five seconds when nothing usable is said', () => {
    for (const seconds of [undefined, -1, Number.NaN, Infinity, -Infinity, 1e10]) {
      expect(refusalNs(seconds)).toBe(DEFAULT_REFUSAL_NS);
    }
  });

  it('is a year of 365 days at most', () => {
    expect(refusalNs(365 * 86_400 + 1)).toBe(MAX_REFUSAL_NS);
    expect(refusalNs(9e9)).toBe(MAX_REFUSAL_NS);
  });
});
