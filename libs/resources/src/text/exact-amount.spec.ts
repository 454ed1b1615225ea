import { expect, it } from 'vitest';
import { exactAmount } from './exact-amount.js';

it.each([
  ['cpus', 100, '0.1'],
  ['cpus', 12_000, '12'],
  ['gpus', 2_048_000, '2048'],
  ['mem', 96_000, '96 MiB'],
  ['mem', 1_023_999, '1023.999 MiB'],
  ['mem', 1_024_000, '1 GiB'],
  ['disk', 1_536_000, '1.5 GiB'],
  // 1.46484375 GiB
  ['mem', 1_500_000, '1500 MiB'],
  ['disk', 3_145_728_000, '3 TiB'],
  ['mem', 0, '0 MiB'],
])('writes %s %i as %s, which is exactly that', (name, milli, text) => {
  expect(exactAmount(name, milli)).toBe(text);
});
