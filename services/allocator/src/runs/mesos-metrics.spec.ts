import { createEngine } from '@tranche/allocation';
import { Limits, Quantities, Resources } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import { AllocatorMetrics } from './mesos-metrics.js';

describe('AllocatorMetrics', () => {
  it('counts runs, and says how long they took and were waited for', () => {
    const metrics = new AllocatorMetrics(createEngine({ random: () => 0.5 }));
    for (let run = 1; run <= 100; run++) {
      metrics.ran({ run, trigger: 'event', given: 0, durationMs: run, waitedMs: 2 * run });
    }
    expect(metrics.read(0)).toMatchObject({
      'allocator/mesos/allocation_runs': 100,
      'allocator/mesos/allocation_run_ms': 100,
      'allocator/mesos/allocation_run_ms/count': 100,
      'allocator/mesos/allocation_run_ms/min': 1,
      'allocator/mesos/allocation_run_ms/p50': 51,
      'allocator/mesos/allocation_run_ms/p9999': 100,
      'allocator/mesos/allocation_run_latency_ms/max': 200,
    });
  });

  it('tells quotas, shares and filters of roles', () => {
    const engine = createEngine({ random: () => 0.5 });
    const agent = { id: 'a', hostname: 'a', attributes: [], capabilities: ['MULTI_ROLE'] };
    engine.addAgent({ ...agent, resources: Resources.parse('cpus:4;mem:1024') }, [], true);
    const framework = { id: 'f', roles: ['dev'], suppressedRoles: [], capabilities: ['MULTI_ROLE'] };
    engine.addFramework({ ...framework, minAllocatable: {}, offerConstraints: {} }, true);
    engine.setQuota('dev', { guarantees: Quantities.fromNumbers({ cpus: 2 }), limits: Limits.of([['cpus', 3_000]]) });
    engine.allocate('batch', 0);
    const role = 'allocator/mesos/quota/roles/dev/resources/cpus';
    expect(new AllocatorMetrics(engine).read(0)).toMatchObject({
      [`${role}/guarantee`]: 2,
      [`${role}/limit`]: 3,
      [`${role}/offered_or_allocated`]: 3,
      'allocator/mesos/offer_filters/roles/dev/active': 0,
      'allocator/mesos/roles/dev/shares/dominant': expect.any(Number),
    });
  });
});
