import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.js';

describe('backoffMs', () => {
  const bounds = { initialMs: 200, maxMs: 30_000 };

  it('doubles from attempt to attempt', () => {
    expect([1, 2, 3, 4].map((attempt) => backoffMs(attempt, bounds, 1))).toEqual([200, 400, 800, 1600]);
  });

  it('is never above its bound, whatever the number of attempts', () => {
    expect(backoffMs(10_000, bounds, 1)).toBe(30_000);
  });

  it('spreads over the upper half of the bound', () => {
    expect(backoffMs(1, bounds, 0)).toBe(100);
    expect(backoffMs(1, bounds, 0.5)).toBe(150);
  });
});
