import { expect, it } from 'vitest';
import { baseUnitOf, inBaseUnits } from './base-units.js';

it.each([
  ['cpus', 'cores', 1.5],
  ['mem', 'bytes', 1.5 * 1_048_576],
  ['disk', 'bytes', 1.5 * 1_048_576],
  ['gpus', 'gpus', 1.5],
  ['tokens', 'tokens', 1.5],
])('counts %s in %s', (resource, unit, amount) => {
  expect([baseUnitOf(resource), inBaseUnits(resource, 1_500)]).toEqual([unit, amount]);
});
