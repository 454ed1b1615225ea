import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits for a promise, but not for ever. Keeps Node alive while it waits.
 *
 * @returns undefined when the time is over first
 */
export async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T | undefined> {
  const cancel = new AbortController();
  const timeout = delay(timeoutMs, undefined, { signal: cancel.signal }).catch(() => undefined);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    cancel.abort();
  }
}
