import type { Clock } from './clock.port.js';

/** The machine's clock. */
export const systemClock: Clock = { nowMs: () => Date.now() };
