import type { CancelTimer, TimerClock } from '@tranche/telemetry';

/** `registration`: it has to subscribe by then · `shutdown`: it is destroyed then. */
export type ExecutorDeadline = 'registration' | 'shutdown';

/** What executors have to be done with by when, one timer of a kind for each. */
export class ExecutorTimers {
  private readonly timers = new Map<string, CancelTimer>();

  constructor(private readonly clock: TimerClock) {}

  /** Sets a timer in place of the one of its kind. @param atMs milliseconds since the epoch */
  set(containerId: string, deadline: ExecutorDeadline, atMs: number, run: () => void): void {
    this.cancel(containerId, deadline);
    this.timers.set(`${containerId}/${deadline}`, this.clock.after(Math.max(0, atMs - this.clock.nowMs()), run));
  }

  cancel(containerId: string, deadline: ExecutorDeadline): void {
    const key = `${containerId}/${deadline}`;
    this.timers.get(key)?.();
    this.timers.delete(key);
  }

  /** The executor is over. */
  cancelAll(containerId: string): void {
    this.cancel(containerId, 'registration');
    this.cancel(containerId, 'shutdown');
  }
}
