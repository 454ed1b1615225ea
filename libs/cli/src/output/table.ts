import CliTable from 'cli-table3';

/** A column of a list of things. */
export interface Column<T> {
  /** In capitals; in lower case it is the name for `--sort`. */
  title: string;
  /** Text of the cell. May hold colour codes. */
  cell: (item: T) => string;
  /** What `--sort` compares; default the cell's text. */
  order?: (item: T) => string | number;
  align?: 'left' | 'right';
  /** Only with `-o wide`. */
  isWide?: boolean;
}

const NO_BORDERS = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((part) => [part, '']),
);

/**
 * Rows under a line of titles, columns two blanks apart, no blanks at the ends of lines.
 *
 * @returns with a final newline
 */
export function renderTable<T>(columns: readonly Column<T>[], items: readonly T[]): string {
  const table = new CliTable({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  for (const item of items) table.push(columns.map(({ cell }) => oneLine(cell(item))));
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

/** A cell never breaks its row. */
function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
