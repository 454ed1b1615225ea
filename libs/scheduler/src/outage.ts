import { DEFAULT_BACKOFF, backoffMs } from './backoff.js';
import type { Clock } from './clock.js';
import type { SchedulerOptions } from './scheduler-options.js';

/** Counts the attempts of one outage, and says when patience is over. */
export class Outage {
  #attempts = 0;
  #beganMs: number;
  #hasSubscribed = false;

  constructor(
    private readonly options: Pick<
      SchedulerOptions,
      'backoff' | 'random' | 'firstPatienceMs' | 'busyPatienceMs' | 'patienceMs'
    >,
    private readonly clock: Clock,
  ) {
    this.#beganMs = clock.nowMs();
  }

  /** True when the next subscription is not the first. */
  get isAgain(): boolean {
    return this.#hasSubscribed;
  }

  /** The subscription stands. */
  over(): void {
    this.#attempts = 0;
    this.#hasSubscribed = true;
  }

  /** @param isBusy the cluster has answered, but that it cannot now @returns milliseconds to wait before the next attempt; undefined when there shall be none */
  attemptFailed(isBusy: boolean): number | undefined {
    const { backoff = DEFAULT_BACKOFF, random = Math.random, firstPatienceMs, patienceMs } = this.options;
    const newPatienceMs = isBusy ? (this.options.busyPatienceMs ?? firstPatienceMs) : firstPatienceMs;
    const nowMs = this.clock.nowMs();
    if (this.#attempts === 0) this.#beganMs = nowMs;
    this.#attempts += 1;
    const retryInMs = backoffMs(this.#attempts, backoff, random());
    const limitMs = (this.#hasSubscribed ? patienceMs : newPatienceMs) ?? Number.POSITIVE_INFINITY;
    return nowMs + retryInMs - this.#beganMs > limitMs ? undefined : retryInMs;
  }
}
