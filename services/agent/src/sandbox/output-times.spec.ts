import { FakeClock } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { settled } from '../testing/settled.js';
import { OutputTimes } from './output-times.js';

function world() {
  const clock = new FakeClock(1_000);
  const sizes = new Map<string, number>();
  const times = new OutputTimes((path) => sizes.get(path), clock);
  const marks = (path: string) => times.of(path).map(({ atMs, bytes }) => [atMs, bytes]);
  return { clock, sizes, times, marks };
}

describe('OutputTimes', () => {
  it('marks each size that a watched output has, once', async () => {
    const { clock, sizes, times, marks } = world();
    times.watch('/s');
    sizes.set('/s/stdout', 0).set('/s/other', 9);
    times.start();
    await settled();
    clock.advance(1_000);
    await settled();
    sizes.set('/s/stdout', 10);
    clock.advance(1_000);
    await settled();
    expect(marks('/s/stdout')).toEqual([
      [1_000, 0],
      [3_000, 10],
    ]);
    expect([marks('/s/stderr'), marks('/s/other')]).toEqual([[], []]);
    times.stop();
    sizes.set('/s/stdout', 20);
    clock.advance(5_000);
    await settled();
    expect(marks('/s/stdout')).toHaveLength(2);
  });

  it('looks for the last time when the container has ended', async () => {
    const { clock, sizes, times, marks } = world();
    times.watch('/s');
    sizes.set('/s/stderr', 5);
    clock.advance(500);
    times.ended('/s');
    sizes.set('/s/stderr', 6);
    await times.look();
    times.ended('/s');
    expect(marks('/s/stderr')).toEqual([[1_500, 5]]);
  });

  it('keeps fewer marks of what is long ago, and the newest all', async () => {
    const { clock, sizes, times, marks } = world();
    times.watch('/s');
    for (let bytes = 0; bytes < 1_000; bytes++) {
      sizes.set('/s/stdout', bytes);
      await times.look();
      clock.advance(1_000);
    }
    const kept = marks('/s/stdout').map(([, bytes]) => bytes as number);
    expect(kept.length).toBeLessThanOrEqual(256);
    expect(kept[0]).toBe(0);
    expect(kept.slice(-100)).toEqual(Array.from({ length: 100 }, (_, at) => 900 + at));
    expect(kept).toEqual(kept.toSorted((a, b) => a - b));
  });
});
