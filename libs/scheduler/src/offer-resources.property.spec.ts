import type { Resource } from '@tranche/mesos-api';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountsOf, fits, takeResources } from './offer-resources.js';

const amount = fc.integer({ min: 0, max: 64_000 }).map((thousandths) => thousandths / 1000);
const scalar = fc
  .record({ name: fc.constantFrom('cpus', 'mem', 'disk', 'gpus'), value: amount, isReserved: fc.boolean() })
  .map(
    ({ name, value, isReserved }): Resource => ({
      name,
      type: 'SCALAR',
      scalar: { value },
      ...(isReserved && { role: 'web' }),
    }),
  );
const ports = fc
  .tuple(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 0, max: 20 }))
  .map(
    ([begin, more]): Resource => ({ name: 'ports', type: 'RANGES', ranges: { range: [{ begin, end: begin + more }] } }),
  );
const offered = fc.array(fc.oneof(scalar, ports), { maxLength: 8 });
const needs = fc.record({
  cpus: amount,
  memMb: amount,
  diskMb: amount,
  gpus: amount,
  ports: fc.integer({ min: 0, max: 30 }),
});

describe('takeResources', () => {
  it('neither creates nor loses anything, and takes exactly what was asked', () => {
    fc.assert(
      fc.property(offered, needs, (resources, asked) => {
        const cut = takeResources(resources, asked);
        expect(cut.ok).toBe(fits({ resources }, asked));
        if (!cut.ok) return;
        const [taken, left, all] = [amountsOf(cut.taken), amountsOf(cut.left), amountsOf(resources)];
        for (const need of ['cpus', 'memMb', 'diskMb', 'gpus', 'ports'] as const) {
          expect(taken[need]).toBeCloseTo(asked[need], 6);
          expect(taken[need] + left[need]).toBeCloseTo(all[need], 6);
        }
      }),
    );
  });
});
