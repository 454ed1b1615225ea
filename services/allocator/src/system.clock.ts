import type { Clock } from '@tranche/telemetry';

/** A clock of its own, which does not go back when the time of day is set: refusals are measured by it. */
export const steadyClock: Clock = { nowMs: () => performance.timeOrigin + performance.now() };
