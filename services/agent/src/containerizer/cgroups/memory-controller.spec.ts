import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeCgroups } from './fake-cgroups.js';
import { createMemoryController, type MemoryController } from './memory-controller.js';

const INFINITY = Number.POSITIVE_INFINITY;

describe('MemoryController', () => {
  let fake: FakeCgroups;

  afterEach(() => fake.remove());

  const controllerOf = (mode: 'v1' | 'v2'): MemoryController => {
    fake = new FakeCgroups(mode);
    fake.addContainer('c1');
    return createMemoryController(fake.tree);
  };

  it.each(['v1', 'v2'] as const)('reads use, parts and peak under %s', (mode) => {
    const controller = controllerOf(mode);
    expect(controller.usage('c1')).toEqual({
      ...{ totalBytes: 8_192_000, anonBytes: 8192, fileBytes: 4096 },
      ...{ mappedFileBytes: 100, swapBytes: 0, unevictableBytes: 7 },
    });
    expect(controller.peakBytes('c1')).toBe(9_216_000);
  });

  it.each(['v1', 'v2'] as const)('reads no limit as Infinity under %s', (mode) => {
    expect(controllerOf(mode).hardLimit('c1')).toBe(INFINITY);
  });

  it.each(['v1', 'v2'] as const)('counts OOM kills under %s', (mode) => {
    const controller = controllerOf(mode);
    expect(controller.oomKills('c1')).toBe(0);
    fake.set('memory', 'c1', 'memory.oom_control', 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n');
    fake.set('memory', 'c1', 'memory.events', 'max 9\noom 2\noom_kill 2\n');
    expect(controller.oomKills('c1')).toBe(2);
  });

  it.each([
    ['v1', 'memory.oom_control'],
    ['v2', 'memory.events.local'],
  ] as const)('counts kills in nested containers that share the limit, not in others, under %s', (mode, file) => {
    const controller = controllerOf(mode);
    for (const [id, sharesLimits] of [
      ['shares', true],
      ['has-its-own', false],
    ] as const) {
      fake.tree.nest(id, 'c1', sharesLimits);
      fake.addContainer(id);
      fake.set('memory', id, file, 'oom_kill 1\n');
    }
    fake.set('memory', 'c1', file, 'oom_kill 0\n');
    expect(controller.oomKills('c1')).toBe(1);
  });

  it('counts kills among the container’s own processes beside nested ones under v2, where they are in a leaf', () => {
    const controller = controllerOf('v2');
    fake.tree.nest('has-its-own', 'c1', false);
    const own = join(fake.tree.folder('memory', 'c1'), 'own');
    mkdirSync(own);
    writeFileSync(join(own, 'memory.events.local'), 'oom_kill 1\n');
    expect(controller.oomKills('c1')).toBe(1);
  });

  it.each(['v1', 'v2'] as const)('knows nothing of a cgroup that is gone under %s', (mode) => {
    const controller = controllerOf(mode);
    expect(controller.usage('gone')).toBeUndefined();
    expect(controller.hardLimit('gone')).toBeUndefined();
    expect(controller.peakBytes('gone')).toBeUndefined();
    expect(controller.oomKills('gone')).toBe(0);
    expect(controller.statText('gone')).toBe('');
  });

  it('limits memory and swap together under v1', () => {
    const controller = controllerOf('v1');
    fake.set('memory', 'c1', 'memory.limit_in_bytes', '1000');
    fake.set('memory', 'c1', 'memory.memsw.limit_in_bytes', '1000');
    controller.setHardLimit('c1', 2000);
    expect(fake.read('memory', 'c1', 'memory.limit_in_bytes')).toBe('2000');
    expect(fake.read('memory', 'c1', 'memory.memsw.limit_in_bytes')).toBe('2000');
  });

  it('raises the sum of memory and swap before the memory under v1', () => {
    const controller = controllerOf('v1');
    fake.set('memory', 'c1', 'memory.limit_in_bytes', '1000');
    rmSync(join(fake.tree.folder('memory', 'c1'), 'memory.memsw.limit_in_bytes'));
    expect(() => controller.setHardLimit('c1', 2000)).toThrow('memory.memsw.limit_in_bytes');
    expect(fake.read('memory', 'c1', 'memory.limit_in_bytes')).toBe('1000');
  });

  it('lowers the memory before the sum of memory and swap under v1', () => {
    const controller = controllerOf('v1');
    fake.set('memory', 'c1', 'memory.limit_in_bytes', '2000');
    rmSync(join(fake.tree.folder('memory', 'c1'), 'memory.memsw.limit_in_bytes'));
    expect(() => controller.setHardLimit('c1', 1000)).toThrow('memory.memsw.limit_in_bytes');
    expect(fake.read('memory', 'c1', 'memory.limit_in_bytes')).toBe('1000');
  });

  it('leaves the sum alone where the kernel does not account swap', () => {
    fake = new FakeCgroups('v1');
    const withoutSwap = new FakeCgroups('hybrid');
    withoutSwap.remove();
    expect(createMemoryController(withoutSwap.tree).limitsSwap).toBe(false);
    expect(createMemoryController(fake.tree).limitsSwap).toBe(true);
  });

  it('allows no swap next to a hard limit under v2', () => {
    const controller = controllerOf('v2');
    fake.set('memory', 'c1', 'memory.max', '1000');
    controller.setHardLimit('c1', 2000);
    expect(fake.read('memory', 'c1', 'memory.max')).toBe('2000');
    expect(fake.read('memory', 'c1', 'memory.swap.max')[0]).toBe('0');
  });

  it('protects the request under v2', () => {
    controllerOf('v2').setSoftLimit('c1', 4096);
    expect(fake.read('memory', 'c1', 'memory.low')).toBe('4096');
  });
});
