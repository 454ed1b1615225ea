import { expect, it } from 'vitest';
import { restartDelayMs } from './restart-policy.js';

it('starts a process again sooner the rarer it ends, and no more when it ends all the time', () => {
  const ends = [0, 1_000, 2_000, 3_000, 4_000, 5_000];
  expect(ends.map((endMs, i) => restartDelayMs(ends.slice(0, i + 1), endMs))).toEqual([
    500,
    1_000,
    2_000,
    4_000,
    8_000,
    undefined,
  ]);
});

it('forgets ends that were long ago', () => {
  expect(restartDelayMs([0, 1, 2, 3, 4, 5, 100_000], 100_000)).toBe(500);
});
