/** The monotonic clock is brought back to the machine's once it is this far off: somebody has set the time, or it was slewed for long. */
const MAX_DRIFT_MS = 20;

let originMs = performance.timeOrigin;

/** Milliseconds since the epoch with fractions: what spans are timed with, since most of them are shorter than one millisecond. */
export function preciseNowMs(): number {
  const nowMs = originMs + performance.now();
  const driftMs = Date.now() - nowMs;
  if (Math.abs(driftMs) < MAX_DRIFT_MS) return nowMs;
  originMs += driftMs;
  return nowMs + driftMs;
}
