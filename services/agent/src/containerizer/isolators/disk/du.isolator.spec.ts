import { FakeClock } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { settled } from '../../../testing/settled.js';
import type { Limitation, ResourceLimits } from '../../container.js';
import { DuIsolator } from './du.isolator.js';

const MIB = 1024 * 1024;

function world(enforces = true, imaged: readonly string[] = []) {
  const clock = new FakeClock();
  const disk = new Map<string, number>();
  const measured: string[] = [];
  const measure = async (path: string): Promise<number | undefined> => {
    measured.push(path);
    return disk.get(path);
  };
  const placeOf = (id: string): string | undefined => (imaged.includes(id) ? `/rootfses/${id}` : undefined);
  const isolator = new DuIsolator({ measure, intervalMs: 15_000, enforces, clock }, { placeOf });
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settled();
  };
  const container = (id: string, more: Partial<ResourceLimits>) =>
    isolator.prepare({ id, sandbox: `/s/${id}`, limits: { cpusMilli: 100, memBytes: MIB, ...more } });
  return { isolator, disk, measured, pass, container };
}

describe('disk/du', () => {
  it('measures sandboxes that have a quota, one round after the other', async () => {
    const { isolator, disk, measured, pass, container } = world();
    await container('a', { diskBytes: 10 * MIB });
    await container('b', {});
    disk.set('/s/a', 3 * MIB);
    expect(await isolator.usage('a')).toEqual({ diskLimitBytes: 10 * MIB, diskStatistics: [{ limitBytes: 10 * MIB }] });
    await pass(15_000);
    expect(await isolator.usage('a')).toEqual({
      diskLimitBytes: 10 * MIB,
      diskUsedBytes: 3 * MIB,
      diskStatistics: [{ limitBytes: 10 * MIB, usedBytes: 3 * MIB }],
    });
    expect(await isolator.usage('b')).toEqual({});
    await pass(15_000);
    await pass(15_000);
    expect(measured).toEqual(['/s/a', '/s/a', '/s/a']);
  });

  it('counts what a container changes of its image as its sandbox’s', async () => {
    const { isolator, disk, measured, pass, container } = world(true, ['a']);
    await container('a', { diskBytes: 10 * MIB });
    const exceeded = isolator.watch('a', new AbortController().signal);
    disk.set('/s/a', 6 * MIB);
    disk.set('/rootfses/a', 5 * MIB);
    await pass(15_000);
    expect(measured).toEqual(['/s/a', '/rootfses/a']);
    expect(await exceeded).toMatchObject({ usedBytes: 11 * MIB });
  });

  it('measures a container from when a task brings it a quota, and rests when none has one', async () => {
    const { isolator, measured, pass, container } = world();
    await container('a', {});
    await pass(30_000);
    await isolator.update('a', { cpusMilli: 100, memBytes: MIB, diskBytes: MIB });
    await pass(15_000);
    expect(measured).toEqual(['/s/a']);
    await isolator.update('a', { cpusMilli: 100, memBytes: MIB });
    await pass(15_000);
    await isolator.update('a', { cpusMilli: 100, memBytes: MIB, diskBytes: MIB });
    await pass(15_000);
    expect(measured).toEqual(['/s/a', '/s/a']);
  });

  it('measures persistent volumes by themselves', async () => {
    const { isolator, disk, pass, container } = world();
    await container('a', { volumes: [{ path: '/v/1', limitBytes: 5 * MIB, persistenceId: 'one' }] });
    disk.set('/v/1', MIB);
    await pass(15_000);
    expect(await isolator.usage('a')).toEqual({
      diskStatistics: [{ limitBytes: 5 * MIB, usedBytes: MIB, persistenceId: 'one' }],
    });
  });

  const exceed = async (enforces: boolean, quota: Partial<ResourceLimits>, path: string) => {
    const { isolator, disk, pass, container } = world(enforces);
    await container('a', quota);
    const stop = new AbortController();
    let found: Limitation | 'nothing' = 'nothing';
    void isolator.watch('a', stop.signal).then((limitation) => {
      if (limitation !== undefined) found = limitation;
    });
    disk.set(path, 4 * MIB);
    await pass(15_000);
    expect(found).toBe('nothing');
    disk.set(path, 4 * MIB + 1024);
    await pass(15_000);
    return found as Limitation | 'nothing';
  };

  it('ends a container that takes more than its quota', async () => {
    expect(await exceed(true, { diskBytes: 4 * MIB }, '/s/a')).toEqual({
      resource: 'disk',
      message: 'Disk usage (4097KB) exceeds quota (4MB)',
      limitBytes: 4 * MIB,
      usedBytes: 4 * MIB + 1024,
    });
  });

  it('ends a container whose volume takes more than its size, and says which', async () => {
    const volumes = [{ path: '/v/1', limitBytes: 4 * MIB, persistenceId: 'one' }];
    expect(await exceed(true, { volumes }, '/v/1')).toMatchObject({ persistenceId: 'one', limitBytes: 4 * MIB });
  });

  it('only measures volumes that are disks of their own, and everything where quotas are not enforced', async () => {
    const volumes = [{ path: '/v/1', limitBytes: 4 * MIB, isEnforced: false }];
    expect(await exceed(true, { volumes }, '/v/1')).toBe('nothing');
    expect(await exceed(false, { diskBytes: 4 * MIB }, '/s/a')).toBe('nothing');
  });

  it('goes by the newest quota, and forgets containers that are gone', async () => {
    const { isolator, measured, pass, container } = world();
    await container('a', { diskBytes: MIB });
    await isolator.update('a', { cpusMilli: 1, memBytes: MIB, diskBytes: 2 * MIB });
    expect(await isolator.usage('a')).toMatchObject({ diskLimitBytes: 2 * MIB });
    await isolator.cleanup('a');
    await pass(60_000);
    expect(measured).toEqual([]);
  });
});
