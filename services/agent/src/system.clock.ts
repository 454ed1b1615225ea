import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.port.js';
import type { Ids } from './ids.port.js';

/** Longest delay that a timer of the platform takes: 24 days. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, run) => {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number): void => {
      const stepMs = Math.min(Math.max(leftMs, 0), MAX_DELAY_MS);
      timer = setTimeout(() => (leftMs > stepMs ? wait(leftMs - stepMs) : run()), stepMs);
      timer.unref();
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  },
};

/** The machine's random source. */
export const systemIds: Ids = {
  uuid: () => randomUUID(),
  updateId: () => Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64'),
  random: () => Math.random(),
};
