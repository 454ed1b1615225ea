/** A process that ends more often than this within the window before it ever served is not started again. */
const MAX_ENDS = 5;
const WINDOW_MS = 60_000;
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 10_000;

/**
 * When a process that has ended by itself is started again.
 *
 * @param endsMs when it ended, this end included, oldest first
 * @returns the delay, doubled with each end of the last minute; undefined when it has ended too often
 */
export function restartDelayMs(endsMs: readonly number[], nowMs: number): number | undefined {
  const recent = endsMs.filter((endMs) => nowMs - endMs < WINDOW_MS).length;
  if (recent > MAX_ENDS) return undefined;
  return Math.min(FIRST_DELAY_MS * 2 ** Math.max(0, recent - 1), MAX_DELAY_MS);
}
