import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SystemClock, type TimerClock } from './clock.js';
import { FakeClock } from './fake-clock.js';

const DAY_MS = 86_400_000;

interface Movable {
  readonly clock: TimerClock;
  readonly pass: (ms: number) => void;
}

const CLOCKS: readonly { readonly name: string; readonly make: () => Movable }[] = [
  {
    name: 'FakeClock',
    make: () => {
      const clock = new FakeClock();
      return { clock, pass: (ms) => clock.advance(ms) };
    },
  },
  { name: 'SystemClock', make: () => ({ clock: new SystemClock(), pass: (ms) => void vi.advanceTimersByTime(ms) }) },
];

describe.each(CLOCKS)('$name', ({ make }) => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('runs what was asked for once its time has come, in order of time', () => {
    const { clock, pass } = make();
    const startMs = clock.nowMs();
    const ran: [string, number][] = [];
    clock.after(20, () => ran.push(['late', clock.nowMs() - startMs]));
    clock.after(10, () => ran.push(['early', clock.nowMs() - startMs]));
    pass(19);
    expect(ran).toEqual([['early', 10]]);
    pass(1);
    expect(ran).toEqual([
      ['early', 10],
      ['late', 20],
    ]);
  });

  it('never runs what was asked for in the same turn, even when it is overdue', () => {
    const { clock, pass } = make();
    const run = vi.fn<() => void>();
    clock.after(-5, run);
    expect(run).not.toHaveBeenCalled();
    pass(1);
    expect(run).toHaveBeenCalledOnce();
  });

  it('runs nothing that was cancelled', () => {
    const { clock, pass } = make();
    const run = vi.fn<() => void>();
    const cancel = clock.after(10, run);
    cancel();
    pass(10);
    cancel();
    expect(run).not.toHaveBeenCalled();
  });

  it('waits for longer than a timer of the platform can', () => {
    const { clock, pass } = make();
    const run = vi.fn<() => void>();
    clock.after(60 * DAY_MS, run);
    pass(60 * DAY_MS - 1);
    expect(run).not.toHaveBeenCalled();
    pass(1);
    expect(run).toHaveBeenCalledOnce();
  });
});

describe('SystemClock', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('runs nothing after it was stopped', () => {
    const clock = new SystemClock();
    const run = vi.fn<() => void>();
    clock.after(10, run);
    clock.stop();
    clock.after(10, run);
    vi.advanceTimersByTime(10);
    expect(run).not.toHaveBeenCalled();
  });
});
