import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCpuController } from '../../cgroups/cpu-controller.js';
import { FakeCgroups } from '../../cgroups/fake-cgroups.js';
import type { ResourceLimits } from '../../container.js';
import { CpuIsolator } from './cpu.isolator.js';

describe('cgroups/cpu', () => {
  let cgroups: FakeCgroups;
  let isolator: CpuIsolator;

  beforeEach(() => {
    cgroups = new FakeCgroups('v1');
    cgroups.addContainer('c1');
    isolator = new CpuIsolator(createCpuController(cgroups.tree));
  });

  afterEach(() => cgroups.remove());

  const prepare = (limits: Partial<ResourceLimits>) =>
    isolator.prepare({ id: 'c1', limits: { cpusMilli: 1000, memBytes: 0, ...limits }, sandbox: '/' });

  it('asks for shares only when there is no limit: idle cpus may be used', async () => {
    expect(await prepare({ cpusMilli: 500 })).toEqual({ resources: { cpu: { shares: 512 } } });
  });

  it('asks for a quota as well when there is a limit', async () => {
    expect(await prepare({ cpusMilli: 500, cpusLimitMilli: 1500 })).toEqual({
      resources: { cpu: { shares: 512, quota: 150_000, period: 100_000 } },
    });
  });

  it('asks for no quota when the limit is infinite', async () => {
    expect(await prepare({ cpusLimitMilli: Number.POSITIVE_INFINITY })).toEqual({
      resources: { cpu: { shares: 1024 } },
    });
  });

  it('takes the quota away when the limit goes', async () => {
    await prepare({ cpusLimitMilli: 1500 });
    await isolator.update('c1', { cpusMilli: 1000, memBytes: 0 });
    expect(cgroups.read('cpu', 'c1', 'cpu.cfs_quota_us')).toBe('-1');
  });

  it('reports throttling only of containers with a limit', async () => {
    await prepare({});
    expect(await isolator.usage('c1')).toEqual({ cpusUserSeconds: 1.5, cpusSystemSeconds: 0.25 });
    await prepare({ cpusLimitMilli: 1500 });
    expect(await isolator.usage('c1')).toEqual({
      ...{ cpusUserSeconds: 1.5, cpusSystemSeconds: 0.25 },
      ...{ cpusNrPeriods: 20, cpusNrThrottled: 4, cpusThrottledSeconds: 0.25 },
    });
  });

  it('remembers from before a restart which containers have a limit', async () => {
    const limits = { cpusMilli: 1000, cpusLimitMilli: 1500, memBytes: 0 };
    await isolator.recover([{ id: 'c1', pid: 1, limits, sandbox: '/' }]);
    expect(await isolator.usage('c1')).toHaveProperty('cpusNrThrottled', 4);
  });
});
