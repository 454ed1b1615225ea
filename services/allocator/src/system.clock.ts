import type { Clock } from './clock.port.js';

/** The machine's clock, which does not go back when the time of day is set: refusals are measured by it. */
export const systemClock: Clock = { nowMs: () => performance.timeOrigin + performance.now() };
