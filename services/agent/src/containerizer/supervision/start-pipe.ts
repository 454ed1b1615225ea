import { closeSync, constants, openSync, unlinkSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const RETRY_MS = 2;
const ATTEMPTS = 1_000;

/**
 * Writes one line into the pipe that a process waits at, without ever blocking on it, and takes the pipe away. The process may still be on its
 * way to the pipe: tried again for two seconds.
 *
 * @throws with code ENXIO when nobody reads, ENOENT when there is no such pipe
 */
export async function letGo(pipe: string): Promise<void> {
  for (let attempt = 1; !tryWrite(pipe, attempt === ATTEMPTS); attempt++) await delay(RETRY_MS);
  unlinkSync(pipe);
}

function tryWrite(pipe: string, isLastTry: boolean): boolean {
  try {
    const descriptor = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      writeSync(descriptor, 'go\n');
    } finally {
      closeSync(descriptor);
    }
    return true;
  } catch (error) {
    if (isLastTry || (error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    return false;
  }
}
