/** Cells of a bar. */
const WIDTH = 20;

/** A share from 0 to 1 as a bar and a percentage: `██████░░░░░░░░░░░░░░  30.0 %`. Above 1 the bar is full. */
export function bar(share: number): string {
  const filled = Math.round(Math.min(Math.max(share, 0), 1) * WIDTH);
  const percent = (share * 100).toFixed(1).padStart(5);
  return `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${percent} %`;
}

/**
 * Rows under titles, columns two blanks apart, numbers to the right.
 *
 * @param indent blanks before each line
 */
export function table(titles: readonly string[], rows: readonly (readonly string[])[], indent: string): string {
  const widths = titles.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
  const isNumeric = titles.map((_, i) => rows.length > 0 && rows.every((row) => /^[\d.,]*$/.test(row[i] ?? '')));
  const line = (cells: readonly string[]): string =>
    indent +
    cells
      .map((cell, i) => (isNumeric[i] === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(titles), ...rows.map(line)].join('\n');
}
