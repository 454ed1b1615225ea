import { FakeClock, silentLogger } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { settled } from '../../testing/settled.js';
import { maxAgeMs } from './collection-age.js';
import { CollectSandboxes } from './collect-sandboxes.js';
import { SandboxSizes } from './sandbox-sizes.js';
import type { SandboxRun } from './sandbox-runs.port.js';

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;

describe('maxAgeMs', () => {
  it.each([
    [0, 9],
    [0.4, 5],
    [0.9, 0],
    [1, 0],
  ])('of ten days with a tenth of headroom is, with %d of the disk in use, %d days', (used, days) => {
    expect(maxAgeMs({ delayMs: 10 * DAY_MS, headroom: 0.1 }, used) / DAY_MS).toBeCloseTo(days);
  });
});

function world() {
  const clock = new FakeClock(100 * DAY_MS);
  const disk = {
    used: 0,
    runs: [] as SandboxRun[],
    alone: [] as string[],
    bytes: new Map<string, number>(),
    fails: new Set<string>(),
  };
  const live = new Set<string>();
  const ends = new Map<string, number>();
  const told: [containerId: string, inDays: number][] = [];
  const collector = new CollectSandboxes(
    {
      list: async () => [...disk.runs],
      pathOf: ({ containerId }) => `/${containerId}`,
      standalone: async () => disk.alone,
      touch: async () => undefined,
      usedFraction: async () => disk.used,
      remove: async ({ containerId }) => {
        if (disk.fails.has(containerId)) throw new Error('busy');
        disk.runs = disk.runs.filter((run) => run.containerId !== containerId);
      },
    },
    {
      liveContainers: () => live,
      endTimes: () => ends,
      tell: ({ containerId }, untilMs) => told.push([containerId, Math.round((untilMs - clock.nowMs()) / DAY_MS)]),
    },
    { delayMs: 10 * DAY_MS, headroom: 0.1, intervalMs: MINUTE_MS },
    clock,
    silentLogger,
    new SandboxSizes(async (path) => disk.bytes.get(path), clock),
  );
  const add = (containerId: string, ageDays: number): void => {
    const changedAtMs = clock.nowMs() - ageDays * DAY_MS;
    disk.runs.push({ agentId: 'S0', frameworkId: 'F', executorId: 'e', containerId, changedAtMs });
  };
  const left = (): string[] => disk.runs.map(({ containerId }) => containerId);
  return { clock, disk, live, ends, told, collector, add, left };
}

describe('CollectSandboxes', () => {
  it('removes what is older than it may become on a disk that is this full', async () => {
    const { collector, add, left, disk } = world();
    for (const age of [1, 4, 6, 9]) add(`d${age}`, age);
    await collector.look();
    expect(left()).toEqual(['d1', 'd4', 'd6']);
    disk.used = 0.4;
    await collector.look();
    expect(left()).toEqual(['d1', 'd4']);
    disk.used = 0.95;
    await collector.look();
    expect(left()).toEqual([]);
    expect(collector.counts).toEqual({ succeeded: 4, failed: 0, pending: 0 });
  });

  it('adds up the sandboxes that are left: of living tasks, of ended ones, and of containers that stand alone', async () => {
    const { collector, add, disk, live } = world();
    for (const [id, age] of [
      ['c1', 50],
      ['c2', 2],
      ['c3', 50],
    ] as const)
      add(id, age);
    live.add('c1');
    disk.alone.push('/alone');
    disk.bytes.set('/c1', 1000).set('/c2', 200).set('/c3', 30).set('/alone', 4);
    expect(collector.sandboxBytes).toBeUndefined();
    await collector.look();
    expect(collector.sandboxBytes).toBe(1204);
  });

  it('removes nothing of what lives, however old its folder is', async () => {
    const { collector, add, left, live } = world();
    add('c1', 50);
    live.add('c1');
    await collector.look();
    expect(left()).toEqual(['c1']);
    live.clear();
    await collector.look();
    expect(left()).toEqual([]);
  });

  it('counts from the end of the task where that is remembered', async () => {
    const { collector, add, left, ends, clock } = world();
    add('c1', 50);
    ends.set('c1', clock.nowMs() - DAY_MS);
    await collector.look();
    expect(left()).toEqual(['c1']);
  });

  it('looks again and again, and tries again what could not be removed', async () => {
    const { collector, add, left, disk, clock } = world();
    add('c1', 9);
    disk.fails.add('c1');
    collector.start();
    await settled();
    expect(collector.counts.failed).toBe(1);
    disk.fails.clear();
    clock.advance(MINUTE_MS);
    await settled();
    expect(left()).toEqual([]);
    collector.stop();
    add('c2', 9);
    clock.advance(10 * MINUTE_MS);
    await settled();
    expect(left()).toEqual(['c2']);
  });

  it('tells until when a sandbox stays, again when that changes, and that it is gone', async () => {
    const { collector, add, disk, told, clock } = world();
    add('c1', 2);
    await collector.look();
    await collector.look();
    expect(told).toEqual([['c1', 7]]);
    disk.used = 0.3;
    await collector.look();
    expect(told.splice(0)).toEqual([
      ['c1', 7],
      ['c1', 4],
    ]);
    clock.advance(61 * MINUTE_MS);
    await collector.look();
    expect(told.splice(0)).toEqual([['c1', 4]]);
    disk.used = 1;
    await collector.look();
    expect(told.at(-1)).toEqual(['c1', 0]);
  });

  it('tells the date of a run that has just ended at once', async () => {
    const { collector, told } = world();
    await collector.ended({ agentId: 'S0', frameworkId: 'F', executorId: 'e', containerId: 'c1' });
    expect(told).toEqual([['c1', 9]]);
  });
});
