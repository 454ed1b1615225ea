const FIRST_MS = 50;
const LONGEST_MS = 3_000;

/**
 * How long to wait before the next attempt to reach the broker.
 *
 * Doubles from 50 ms to 3 s, so that a broker that restarts is found at once and one that is away is not stormed; the random half keeps the
 * processes of a mesh from coming all together.
 *
 * @param failures attempts that have failed in a row, from 1
 * @param random 0 to 1
 */
export function backOffMs(failures: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return ceiling / 2 + (ceiling / 2) * random;
}
