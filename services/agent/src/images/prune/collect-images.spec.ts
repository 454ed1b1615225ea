import { FakeClock, silentLogger } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { settled } from '../../testing/settled.js';
import { CollectImages } from './collect-images.js';

function world(headroom: number) {
  const clock = new FakeClock();
  const disk = { used: 0.5 };
  const pruned: unknown[] = [];
  const prune = async (request: unknown) => {
    pruned.push(request);
    return { images: [], layers: [], freedBytes: 0, unused: 0 };
  };
  const collector = new CollectImages(
    { prune },
    async () => disk.used,
    { headroom, intervalMs: 1_000 },
    clock,
    silentLogger,
  );
  collector.start();
  return { clock, disk, pruned, collector };
}

describe('CollectImages', () => {
  it('prunes while the disk is fuller than it is to be, and looks again', async () => {
    const { clock, disk, pruned } = world(0.1);
    clock.advance(1_000);
    await settled();
    expect(pruned).toEqual([]);
    disk.used = 0.95;
    clock.advance(1_000);
    await settled();
    clock.advance(1_000);
    await settled();
    expect(pruned).toEqual([{ unused: true }, { unused: true }]);
  });

  it('never does without a headroom, nor once it is stopped', async () => {
    const never = world(0);
    never.disk.used = 1;
    never.clock.advance(10_000);
    await settled();
    expect(never.pruned).toEqual([]);
    const stopped = world(0.5);
    stopped.disk.used = 1;
    stopped.collector.stop();
    stopped.clock.advance(10_000);
    await settled();
    expect(stopped.pruned).toEqual([]);
  });
});
