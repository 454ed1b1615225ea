import type { TimerClock } from '@tranche/telemetry';
import { ImageError } from '../image.errors.js';

/** Does something again, as often as is sensible. */
export type Retrying = <T>(attempt: () => Promise<T>) => Promise<T>;

/** First pause before another attempt; each further one is twice as long. */
const FIRST_PAUSE_MS = 500;

/**
 * Tries again what failed because a registry could not be reached or was overloaded; whatever else is wrong stays wrong.
 *
 * @param attempts at least 1
 * @throws what the last attempt threw, or the reason of the signal
 */
export const retrying =
  (attempts: number, clock: TimerClock, signal: AbortSignal): Retrying =>
  async (attempt) => {
    for (let count = 1; ; count++) {
      try {
        return await attempt();
      } catch (error) {
        signal.throwIfAborted();
        const isTransient = error instanceof ImageError && error.fault === 'unreachable';
        if (!isTransient) throw error;
        if (count >= attempts) {
          const tried = attempts === 1 ? '' : ` (${attempts} attempts)`;
          throw new ImageError('unreachable', `${error.message}${tried}`, { cause: error });
        }
        await pause(FIRST_PAUSE_MS * 2 ** (count - 1), clock, signal);
      }
    }
  };

function pause(delayMs: number, clock: TimerClock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(delayMs, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    const abort = (): void => {
      cancel();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
  });
}
