import { afterEach, describe, expect, it } from 'vitest';
import { type CpuController, createCpuController, quotaOf, sharesOf, weightOf } from './cpu-controller.js';
import { FakeCgroups } from './fake-cgroups.js';

describe('sharesOf', () => {
  it('is 1024 for one cpu', () => {
    expect(sharesOf(1000)).toBe(1024);
  });

  it('rounds down', () => {
    expect(sharesOf(100)).toBe(102);
  });

  it('is at least 2', () => {
    expect(sharesOf(0)).toBe(2);
    expect(sharesOf(1)).toBe(2);
  });
});

describe('quotaOf', () => {
  it('is the limit in microseconds of a period of 100 ms', () => {
    expect(quotaOf(1500)).toBe(150_000);
  });

  it('is at least one millisecond', () => {
    expect(quotaOf(1)).toBe(1_000);
  });

  it('is none without a limit and with an infinite one', () => {
    expect(quotaOf(undefined)).toBeUndefined();
    expect(quotaOf(Number.POSITIVE_INFINITY)).toBeUndefined();
  });
});

describe('weightOf', () => {
  it('spans 1 to 10,000 over the shares 2 to 262,144', () => {
    expect(weightOf(2)).toBe(1);
    expect(weightOf(262_144)).toBe(10_000);
  });

  it('is 39 for one cpu', () => {
    expect(weightOf(1024)).toBe(39);
  });

  it('stays in its range beyond', () => {
    expect(weightOf(0)).toBe(1);
    expect(weightOf(1_000_000)).toBe(10_000);
  });
});

describe('CpuController', () => {
  let fake: FakeCgroups;

  afterEach(() => fake.remove());

  const controllerOf = (mode: 'v1' | 'v2'): CpuController => {
    fake = new FakeCgroups(mode);
    fake.addContainer('c1');
    return createCpuController(fake.tree);
  };

  it('writes shares and quota under v1', () => {
    controllerOf('v1').apply('c1', { shares: 512, quotaUs: 50_000 });
    expect(fake.read('cpu', 'c1', 'cpu.shares').slice(0, 3)).toBe('512');
    expect(fake.read('cpu', 'c1', 'cpu.cfs_quota_us')).toBe('50000');
  });

  it('writes no quota as -1 under v1', () => {
    controllerOf('v1').apply('c1', { shares: 512 });
    expect(fake.read('cpu', 'c1', 'cpu.cfs_quota_us')).toBe('-1');
  });

  it('writes weight and maximum under v2', () => {
    controllerOf('v2').apply('c1', { shares: 2048, quotaUs: 50_000 });
    expect(fake.read('cpu', 'c1', 'cpu.weight').slice(0, 2)).toBe('79');
    expect(fake.read('cpu', 'c1', 'cpu.max')).toBe('50000 100000');
  });

  it('writes no quota as max under v2', () => {
    controllerOf('v2').apply('c1', { shares: 2048 });
    expect(fake.read('cpu', 'c1', 'cpu.max')).toBe('max 100000');
  });

  it.each(['v1', 'v2'] as const)('reads times and throttling in seconds under %s', (mode) => {
    const controller = controllerOf(mode);
    expect(controller.usage('c1')).toEqual({ userSeconds: 1.5, systemSeconds: 0.25 });
    expect(controller.throttling('c1')).toEqual({ periods: 20, throttled: 4, throttledSeconds: 0.25 });
  });

  it.each(['v1', 'v2'] as const)('knows nothing of a cgroup that is gone under %s', (mode) => {
    const controller = controllerOf(mode);
    expect(controller.usage('gone')).toBeUndefined();
    expect(controller.throttling('gone')).toBeUndefined();
  });
});
