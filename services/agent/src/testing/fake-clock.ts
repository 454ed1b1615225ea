import type { CancelTimer, Clock } from '../clock.port.js';
import type { Ids } from '../ids.port.js';

/** For tests: time that moves when it is told to. */
export class FakeClock implements Clock {
  private timers: { readonly atMs: number; readonly run: () => void }[] = [];

  constructor(private ms = 1_000_000) {}

  nowMs(): number {
    return this.ms;
  }

  after(delayMs: number, run: () => void): CancelTimer {
    const timer = { atMs: this.ms + delayMs, run };
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

/** For tests: ids in order, and always the same chance. */
export class FakeIds implements Ids {
  private count = 0;

  uuid(): string {
    return `00000000-0000-4000-8000-${String(++this.count).padStart(12, '0')}`;
  }

  updateId(): string {
    return Buffer.from(String(++this.count).padStart(16, '0')).toString('base64');
  }

  random(): number {
    return 0.5;
  }
}

/** For tests: lets everything that was begun go as far as it can without time passing. */
export const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(() => setImmediate(resolve));
  });
