import { setTimeout as delay } from 'node:timers/promises';

const RETRY_MS = 5;
const ATTEMPTS = 2_000;

/**
 * For tests: waits for something that another process does, looking every few milliseconds.
 *
 * @returns the first value that is neither undefined, false nor empty
 * @throws when there is none within ten seconds
 */
export async function until<T>(
  value: () => Promise<T | undefined | false | ''> | T | undefined | false | '',
): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const result = await value();
    if (result !== undefined && result !== false && result !== '') return result;
    await delay(RETRY_MS);
  }
  throw new Error('it did not happen within ten seconds');
}
