/** Stops a timer that has not run yet; harmless afterwards. */
export type CancelTimer = () => void;

/** Where logic gets the time from; tests move it by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
}

/** A clock that also wakes. */
export interface TimerClock extends Clock {
  /** Calls `run` once, `delayMs` from now, unless cancelled; in a later turn when the delay is 0 or below. */
  after(delayMs: number, run: () => void): CancelTimer;
}

/** Longest delay that a timer of the platform takes: 2^31 − 1 ms, 24.8 days. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The machine's clock. Its timers do not keep the process alive, and end with `stop`. */
export class SystemClock implements TimerClock {
  private readonly timers = new Set<NodeJS.Timeout>();
  private isStopped = false;

  nowMs(): number {
    return Date.now();
  }

  after(delayMs: number, run: () => void): CancelTimer {
    let timer: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      if (timer === undefined) return;
      clearTimeout(timer);
      this.timers.delete(timer);
    };
    const wait = (leftMs: number): void => {
      cancel();
      if (this.isStopped) return;
      const stepMs = Math.min(Math.max(leftMs, 0), MAX_DELAY_MS);
      timer = setTimeout(() => {
        cancel();
        if (leftMs > stepMs) wait(leftMs - stepMs);
        else run();
      }, stepMs).unref();
      this.timers.add(timer);
    };
    wait(delayMs);
    return cancel;
  }

  /** Nothing that was to run later runs any more. */
  stop(): void {
    this.isStopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}

/** The machine's clock, for all of the process. Who has timers to end with a service takes a `SystemClock` of their own. */
export const systemClock: TimerClock = new SystemClock();
