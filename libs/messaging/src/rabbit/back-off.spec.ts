import { expect, it } from 'vitest';
import { backOffMs } from './back-off.js';

it('doubles the longest pause from 50 ms to 3 s', () => {
  expect([1, 2, 3, 6, 7, 8, 1_000].map((failures) => backOffMs(failures, 1))).toEqual([
    50, 100, 200, 1_600, 3_000, 3_000, 3_000,
  ]);
});

it('leaves at least half of it to chance alone', () => {
  expect([0, 0.5, 1].map((random) => backOffMs(2, random))).toEqual([50, 75, 100]);
});
