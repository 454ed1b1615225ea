/** Bounds of the waiting time between attempts. */
export interface Backoff {
  /** Upper bound of the first wait. Default 200. */
  initialMs: number;
  /** Upper bound of every wait. Default 30,000: a restarted cluster is found again within half a minute. */
  maxMs: number;
}

export const DEFAULT_BACKOFF: Backoff = { initialMs: 200, maxMs: 30_000 };

/**
 * Time to wait before the next attempt: doubles from `initialMs` to `maxMs`, the upper half of it random, so that the schedulers
 * of a cluster that comes back do not all return in the same instant.
 *
 * @param attempt failed attempts so far, from 1
 * @param random  in [0, 1)
 * @returns milliseconds, between half of the bound and the bound
 */
export function backoffMs(attempt: number, backoff: Backoff, random: number): number {
  const boundMs = Math.min(backoff.maxMs, backoff.initialMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(boundMs / 2 + (boundMs / 2) * random);
}
