/** Cells of a bar. */
const WIDTH = 20;

/**
 * A bar of what is in use and what is offered: `▓▓▓▓▓▓▒▒▒░░░░░░░░░░░`.
 *
 * Whatever is above zero shows at least one cell, so that a little is not mistaken for nothing.
 *
 * @param parts of the whole, from 0 to 1; what is beyond the whole is left out
 */
export function bar([inUse, offered]: readonly [inUse: number, offered: number]): string {
  const first = cells(inUse, WIDTH);
  const second = cells(offered, WIDTH - first);
  return '▓'.repeat(first) + '▒'.repeat(second) + '░'.repeat(WIDTH - first - second);
}

function cells(part: number, most: number): number {
  const wanted = part > 0 ? Math.max(1, Math.round(part * WIDTH)) : 0;
  return Math.min(wanted, most);
}
