import type { CancelTimer, TimerClock } from '@tranche/telemetry';

/** After the first so long without an answer, the question is asked a second time; then after twice as long each time. */
export const FIRST_REPETITION_MS = 2_000;

/**
 * Asks, and asks once more beside that while no answer comes: a question goes with the process that has just taken it and dies, and nobody says so.
 * Whatever ends first counts, be it a failure: that of the first attempt's time bounds them all.
 *
 * @param ask what is asked bears being answered twice
 */
export function askAgain<T>(ask: () => Promise<T>, clock: TimerClock): Promise<T> {
  let cancel: CancelTimer = () => undefined;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const attempt = (patienceMs: number): void => {
    ask().then(resolve, reject);
    cancel = clock.after(patienceMs, () => attempt(2 * patienceMs));
  };
  attempt(FIRST_REPETITION_MS);
  return promise.finally(() => cancel());
}
