/**
 * Time as the scheduler SDK needs it. Passed in, so that tests move it by hand.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /**
   * Calls `run` once, `delayMs` from now.
   *
   * @returns a function that cancels it; harmless afterwards
   */
  after(delayMs: number, run: () => void): () => void;
}

/** The machine's clock. A pending timer keeps the process alive, as a connection does. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * Waits on a clock.
 *
 * @returns true when the time has passed, false when `signal` was aborted before; never rejects
 */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const cancel = clock.after(delayMs, () => {
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    });
    const onAbort = (): void => {
      cancel();
      resolve(false);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
