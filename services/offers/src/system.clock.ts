import type { CancelTimer, Clock } from './clock.port.js';

/** Longest delay that a timer of the runtime takes: 2^31 − 1 ms, 24.8 days. */
const MAX_DELAY_MS = 2_147_483_647;

/** The machine's clock. Its timers do not keep the process alive, and end with `stop`. */
export class SystemClock implements Clock {
  private readonly timers = new Set<NodeJS.Timeout>();
  private isStopped = false;

  nowMs(): number {
    return Date.now();
  }

  at(atMs: number, run: () => void): CancelTimer {
    let timer: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      if (timer === undefined) return;
      clearTimeout(timer);
      this.timers.delete(timer);
    };
    const arm = (): void => {
      cancel();
      if (this.isStopped) return;
      const delayMs = Math.max(0, atMs - Date.now());
      const due = (): void => {
        cancel();
        run();
      };
      timer = delayMs > MAX_DELAY_MS ? setTimeout(arm, MAX_DELAY_MS) : setTimeout(due, delayMs);
      timer.unref();
      this.timers.add(timer);
    };
    arm();
    return cancel;
  }

  /** Nothing that was to run later runs any more. */
  stop(): void {
    this.isStopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}
