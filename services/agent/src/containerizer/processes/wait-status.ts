/** Highest signal number of Linux. */
const LAST_SIGNAL = 64;

/**
 * Raw wait status of the exit code that a supervisor wrote down.
 *
 * conmon, tini and every shell report a death by signal N as 128 + N, so a program that itself exits with such a code
 * cannot be told from one that was killed; it counts as killed, as the shell's users are used to.
 *
 * @param text the exit file: a decimal number, 0 to 255
 * @returns exit code × 256, or the signal number; undefined when the text is no exit code
 */
export function waitStatusOf(text: string): number | undefined {
  if (!/^\d{1,3}\s*$/.test(text)) return undefined;
  const code = Number(text);
  if (code > 255) return undefined;
  return code > 128 && code <= 128 + LAST_SIGNAL ? code - 128 : code * 256;
}
