import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeCgroups } from '../../cgroups/fake-cgroups.js';
import { createMemoryController } from '../../cgroups/memory-controller.js';
import type { ResourceLimits } from '../../container.js';
import { MemIsolator } from './mem.isolator.js';

const MEBIBYTE = 1024 * 1024;

describe('cgroups/mem', () => {
  let cgroups: FakeCgroups;
  let isolator: MemIsolator;
  let killsOfMachine: number | undefined;

  beforeEach(() => {
    vi.useFakeTimers();
    cgroups = new FakeCgroups('v1');
    cgroups.addContainer('c1');
    cgroups.set('memory', 'c1', 'memory.limit_in_bytes', String(48 * MEBIBYTE));
    killsOfMachine = 0;
    isolator = new MemIsolator(createMemoryController(cgroups.tree), () => killsOfMachine);
  });

  afterEach(() => {
    vi.useRealTimers();
    cgroups.remove();
  });

  const prepare = (limits: Partial<ResourceLimits>) =>
    isolator.prepare({ id: 'c1', limits: { cpusMilli: 1000, memBytes: 0, ...limits }, sandbox: '/' });

  const killInside = (kills: number) =>
    cgroups.set('memory', 'c1', 'memory.oom_control', `oom_kill_disable 0\nunder_oom 0\noom_kill ${kills}\n`);

  it('limits to what is requested, swap included', async () => {
    const bytes = 48 * MEBIBYTE;
    expect(await prepare({ memBytes: bytes })).toEqual({
      resources: { memory: { limit: bytes, reservation: bytes, swap: bytes } },
    });
  });

  it('limits to the limit when there is one', async () => {
    const { resources } = await prepare({ memBytes: 48 * MEBIBYTE, memLimitBytes: 96 * MEBIBYTE });
    expect(resources?.memory).toMatchObject({ limit: 96 * MEBIBYTE, reservation: 48 * MEBIBYTE });
  });

  it('sets no hard limit when the limit is infinite', async () => {
    const { resources } = await prepare({ memBytes: 48 * MEBIBYTE, memLimitBytes: Number.POSITIVE_INFINITY });
    expect(resources?.memory).toEqual({ reservation: 48 * MEBIBYTE });
  });

  it('limits to no less than 32 MiB', async () => {
    const { resources } = await prepare({ memBytes: 1 });
    expect(resources?.memory).toMatchObject({ limit: 32 * MEBIBYTE, reservation: 32 * MEBIBYTE });
  });

  it('raises the hard limit', async () => {
    await isolator.update('c1', { cpusMilli: 0, memBytes: 64 * MEBIBYTE });
    expect(cgroups.read('memory', 'c1', 'memory.limit_in_bytes')).toBe(String(64 * MEBIBYTE));
  });

  it('never lowers the hard limit, only the soft one', async () => {
    cgroups.set('memory', 'c1', 'memory.soft_limit_in_bytes', String(48 * MEBIBYTE));
    await isolator.update('c1', { cpusMilli: 0, memBytes: 40 * MEBIBYTE });
    expect(cgroups.read('memory', 'c1', 'memory.limit_in_bytes')).toBe(String(48 * MEBIBYTE));
    expect(cgroups.read('memory', 'c1', 'memory.soft_limit_in_bytes')).toBe(String(40 * MEBIBYTE));
  });

  describe('while the container lives on', () => {
    const untilKilled = () => isolator.watch('c1', new AbortController().signal);
    const killed = { resource: 'mem', limitBytes: 48 * MEBIBYTE, usedBytes: 9_216_000 };

    it('reports a kill that was before', async () => {
      const watching = untilKilled();
      killInside(1);
      await vi.advanceTimersByTimeAsync(500);
      expect(await watching).toMatchObject(killed);
    });

    it('reports a kill that its cgroup counts a moment after the machine', async () => {
      const watching = untilKilled();
      await vi.advanceTimersByTimeAsync(5_000);
      killsOfMachine = 1;
      await vi.advanceTimersByTimeAsync(500);
      killInside(1);
      await vi.advanceTimersByTimeAsync(500);
      expect(await watching).toMatchObject(killed);
    });

    it('reports a kill where the machine does not count', async () => {
      killsOfMachine = undefined;
      const watching = untilKilled();
      await vi.advanceTimersByTimeAsync(5_000);
      killInside(1);
      await vi.advanceTimersByTimeAsync(500);
      expect(await watching).toMatchObject(killed);
    });

    it('asks nobody as long as the machine counts no kill', async () => {
      const reads = vi.spyOn(isolator['controller'], 'oomKills');
      void untilKilled();
      await vi.advanceTimersByTimeAsync(1_000);
      const before = reads.mock.calls.length;
      await vi.advanceTimersByTimeAsync(5_000);
      expect(reads.mock.calls.length).toBe(before);
    });
  });

  it('reports a kill at the end of the container', async () => {
    killInside(2);
    expect(await isolator.limitationAtEnd('c1')).toMatchObject({ resource: 'mem', limitBytes: 48 * MEBIBYTE });
  });

  it('says limit, use and statistics as Mesos does', async () => {
    killInside(1);
    cgroups.set('memory', 'c1', 'memory.max_usage_in_bytes', String(48 * MEBIBYTE));
    cgroups.set('memory', 'c1', 'memory.stat', 'cache 4096\nrss 49000448\n');
    expect((await isolator.limitationAtEnd('c1'))?.message).toBe(
      'Memory limit exceeded: Requested: 48MB Maximum Used: 48MB\n\nMEMORY STATISTICS: \ncache 4096\nrss 49000448\n\n',
    );
  });

  it('asks no more for containers that are over', async () => {
    const stop = new AbortController();
    const watching = isolator.watch('c1', stop.signal);
    expect(vi.getTimerCount()).toBe(1);
    stop.abort();
    await watching;
    expect(vi.getTimerCount()).toBe(0);
  });
});
