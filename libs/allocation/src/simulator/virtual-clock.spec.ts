import { describe, expect, it } from 'vitest';
import { VirtualClock } from './virtual-clock.js';

const SECOND = 1e9;

/** A clock whose batch cycles do something at the instants `busy`, in seconds, and a log of what happens. */
function clockWith(options: { canSkip?: boolean; pauseEndSeconds?: number; busy?: number[] } = {}) {
  const clock = new VirtualClock({
    intervalNs: SECOND,
    canSkip: options.canSkip ?? true,
    pauseEndNs: options.pauseEndSeconds === undefined ? undefined : options.pauseEndSeconds * SECOND,
  });
  const log: string[] = [];
  const advanceTo = (seconds: number): string[] => {
    log.length = 0;
    clock.advanceTo(seconds * SECOND, {
      batch: () => {
        log.push(`batch ${clock.nowSeconds}`);
        return options.busy?.includes(clock.nowSeconds) ?? false;
      },
      pauseEnds: () => void log.push(`pause ends ${clock.nowSeconds}`),
      skipped: (cycles) => void log.push(`skipped ${cycles}`),
    });
    return [...log];
  };
  return { clock, advanceTo };
}

describe('virtual clock', () => {
  it('runs batch cycles at the interval, the end instant included', () => {
    const { clock, advanceTo } = clockWith({ canSkip: false });
    expect(advanceTo(0.999)).toEqual([]);
    expect(advanceTo(1)).toEqual(['batch 1']);
    expect(advanceTo(3.5)).toEqual(['batch 2', 'batch 3']);
    expect(clock.nowSeconds).toBe(3.5);
    expect(clock.nowMs).toBe(3500);
  });

  it('adds fractions without error', () => {
    const { clock, advanceTo } = clockWith({ canSkip: false });
    for (let i = 0; i < 9; i++) advanceTo((clock.nowNs + 1e8) / SECOND);
    expect(advanceTo((clock.nowNs + 1e8) / SECOND)).toEqual(['batch 1']);
  });

  it('leaves out batch cycles after two that did nothing', () => {
    const { advanceTo } = clockWith({ busy: [1] });
    expect(advanceTo(1e6)).toEqual(['batch 1', 'batch 2', 'batch 3', 'skipped 999997']);
    expect(advanceTo(1e6 + 1)).toEqual(['batch 1000001']);
  });

  it('runs the batch cycle at which something ends, or the first one after that', () => {
    const { clock, advanceTo } = clockWith();
    clock.wakeAt(100 * SECOND);
    clock.wakeAt(200.5 * SECOND);
    expect(advanceTo(1000)).toEqual([
      ...['batch 1', 'batch 2', 'skipped 97', 'batch 100', 'batch 101', 'skipped 99'],
      ...['batch 201', 'batch 202', 'skipped 798'],
    ]);
  });

  it('leaves out nothing when cycles are not repeatable', () => {
    const { advanceTo } = clockWith({ canSkip: false });
    expect(advanceTo(10)).toHaveLength(10);
  });

  it('ends a pause once, before a batch cycle of the same instant', () => {
    const { advanceTo } = clockWith({ pauseEndSeconds: 5 });
    expect(advanceTo(6)).toEqual([...[1, 2, 3, 4].map((i) => `batch ${i}`), 'pause ends 5', 'batch 5', 'skipped 1']);
  });

  it('ends a pause between batch cycles', () => {
    const { advanceTo } = clockWith({ pauseEndSeconds: 1.5, canSkip: false });
    expect(advanceTo(2)).toEqual(['batch 1', 'pause ends 1.5', 'batch 2']);
  });
});
