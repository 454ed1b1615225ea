import { Quantities } from '@tranche/resources';
import { expect, it } from 'vitest';
import { consumedMetrics } from './mesos-metrics.js';

const role = (name: string, consumed: Record<string, number>) => ({
  ...{ name, weight: 1, guarantees: Quantities.EMPTY, limitsMilli: {}, frameworkIds: [] },
  ...{ allocated: Quantities.EMPTY, offered: Quantities.EMPTY, reserved: Quantities.EMPTY },
  consumed: Quantities.fromNumbers(consumed),
});

it('tells what each role consumes with those below it, and all together without counting twice', () => {
  const roles = [role('eng', { cpus: 1.5, mem: 64 }), role('eng/dev', { cpus: 1 }), role('web', { cpus: 2 })];
  const prefix = 'allocator/mesos/quota/roles';
  expect(consumedMetrics(roles)).toEqual({
    [`${prefix}//resources/cpus/consumed`]: 3.5,
    [`${prefix}//resources/mem/consumed`]: 64,
    [`${prefix}/eng/resources/cpus/consumed`]: 1.5,
    [`${prefix}/eng/resources/mem/consumed`]: 64,
    [`${prefix}/eng/dev/resources/cpus/consumed`]: 1,
    [`${prefix}/web/resources/cpus/consumed`]: 2,
  });
});
