import type { CancelTimer, TimerClock } from './clock.js';

/** For tests: time that stands still until it is moved. */
export class FakeClock implements TimerClock {
  private timers: { readonly atMs: number; readonly run: () => void }[] = [];

  constructor(private ms = 1_000_000) {}

  nowMs(): number {
    return this.ms;
  }

  after(delayMs: number, run: () => void): CancelTimer {
    const timer = { atMs: this.ms + Math.max(0, delayMs), run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Lets time pass; timers due meanwhile run in order, each at its time. */
  advance(ms: number): void {
    const endMs = this.ms + ms;
    for (;;) {
      const [next] = this.timers.filter(({ atMs }) => atMs <= endMs).toSorted((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.timers = this.timers.filter((other) => other !== next);
      this.ms = Math.max(this.ms, next.atMs);
      next.run();
    }
    this.ms = endMs;
  }
}
