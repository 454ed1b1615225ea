/** Nanoseconds for which a refusal holds when it names no time that can be used. */
export const DEFAULT_REFUSAL_NS = 5e9;

/** Longest refusal. */
export const MAX_REFUSAL_NS = 365 * 24 * 3600 * 1e9;

/** Beyond this a duration does not fit into 64 bits of nanoseconds. */
const MAX_REPRESENTABLE_NS = 2 ** 63;

/**
 * How long a refusal holds.
 *
 * @param seconds as the framework said it
 * @returns whole nanoseconds; 0 means no filter at all
 * @source allocation rule A56: absent, negative or not representable → 5 s; above 365 days → 365 days
 */
export function refusalNs(seconds: number | undefined): number {
  if (seconds === undefined || !(seconds >= 0)) return DEFAULT_REFUSAL_NS;
  const ns = seconds * 1e9;
  if (ns >= MAX_REPRESENTABLE_NS) return DEFAULT_REFUSAL_NS;
  return Math.min(Math.round(ns), MAX_REFUSAL_NS);
}
