import { FakeClock } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { SandboxSizes } from './sandbox-sizes.js';

const STALE_MS = 30_000;

function world(folders: Record<string, number>) {
  const clock = new FakeClock(1_000_000);
  const walks: string[] = [];
  const disk = new Map(Object.entries(folders));
  const sizes = new SandboxSizes(async (path) => {
    walks.push(path);
    return disk.get(path);
  }, clock);
  return { clock, walks, disk, sizes };
}

describe('SandboxSizes', () => {
  it('knows nothing before the first sum', () => {
    expect(world({}).sizes.bytes).toBeUndefined();
  });

  it('adds up what was measured for the isolator, and measures the others itself', async () => {
    const { sizes, walks } = world({ '/a': 100, '/b': 20 });
    await sizes.measure('/a');
    await sizes.sum([{ path: '/a' }, { path: '/b' }], STALE_MS);
    expect(sizes.bytes).toBe(120);
    expect(walks).toEqual(['/a', '/b']);
  });

  it('measures what is written to again when its measurement is old', async () => {
    const { sizes, disk, clock, walks } = world({ '/a': 100 });
    await sizes.sum([{ path: '/a' }], STALE_MS);
    disk.set('/a', 150);
    clock.advance(STALE_MS);
    await sizes.sum([{ path: '/a' }], STALE_MS);
    expect([sizes.bytes, walks.length]).toEqual([100, 1]);
    clock.advance(1);
    await sizes.sum([{ path: '/a' }], STALE_MS);
    expect([sizes.bytes, walks.length]).toEqual([150, 2]);
  });

  it('measures an ended one once after its end, however long it stays', async () => {
    const { sizes, disk, clock, walks } = world({ '/a': 100 });
    await sizes.measure('/a');
    clock.advance(1000);
    disk.set('/a', 130);
    const ended = [{ path: '/a', endedAtMs: clock.nowMs() }];
    for (let day = 0; day < 3; day++) {
      await sizes.sum(ended, STALE_MS);
      clock.advance(24 * 3_600_000);
    }
    expect([sizes.bytes, walks.length]).toEqual([130, 2]);
  });

  it('counts nothing for a sandbox that is gone, and forgets it', async () => {
    const { sizes, disk, walks } = world({ '/a': 100, '/b': 20 });
    await sizes.sum([{ path: '/a', endedAtMs: 0 }, { path: '/b' }], STALE_MS);
    disk.delete('/b');
    await sizes.sum([{ path: '/b', endedAtMs: 2_000_000 }], STALE_MS);
    expect(sizes.bytes).toBe(0);
    await sizes.sum([{ path: '/a', endedAtMs: 0 }], STALE_MS);
    expect(walks).toEqual(['/a', '/b', '/b', '/a']);
  });

  it('takes a hundredth of the time at most, what was measured longest ago first', async () => {
    const clock = new FakeClock(1_000_000);
    const walks: string[] = [];
    const sizes = new SandboxSizes(async (path) => {
      clock.advance(200);
      walks.push(path);
      return 10;
    }, clock);
    const sandboxes = ['/a', '/b', '/c'].map((path) => ({ path }));
    await sizes.sum(sandboxes, STALE_MS);
    expect([walks, sizes.bytes]).toEqual([['/a', '/b'], 20]);
    await sizes.sum(sandboxes, STALE_MS);
    expect([walks.at(-1), sizes.bytes]).toEqual(['/c', 30]);
    clock.advance(STALE_MS + 1);
    await sizes.sum(sandboxes, STALE_MS);
    expect(walks.slice(3)).toEqual(['/a', '/b']);
  });
});
