import type { ApiList } from '../api/api-client.js';
import type { CliContext } from '../cli-context.js';
import { UsageError } from '../cli.errors.js';
import { type ListView, type ShownList, isTable, renderList } from './list-view.js';
import type { Column } from './table.js';
import { watchList } from './watch-list.js';

/**
 * Prints a list in the format that is asked for, sorted and cut as `--sort` and `--max` say; with `--watch`, again and again.
 *
 * @param viewOf how to show the items that were fetched: short ids depend on all of them
 * @param fetch  gets the list, filtered as the command's own flags say
 * @throws UsageError for a column that doesn't exist
 */
export async function showList<T>(
  context: CliContext,
  viewOf: (items: readonly T[]) => ListView<T>,
  fetch: () => Promise<ApiList<T>>,
): Promise<void> {
  const fetchShown = async (): Promise<ShownList<T>> => {
    const { items, asOf } = await fetch();
    const view = viewOf(items);
    return { view, items: arrange(context, view.columns, items), asOf };
  };
  if (context.flags.watch) return watchList(context, fetchShown);
  const list = await fetchShown();
  context.io.stdout.write(renderList(context, list));
  if (list.items.length === 0 && isTable(context)) context.note(list.view.whenEmpty);
}

function arrange<T>({ flags }: CliContext, columns: readonly Column<T>[], items: T[]): T[] {
  const max = flags.max === undefined ? undefined : checkMax(flags.max);
  const sorted = flags.sort === undefined ? items : items.toSorted(comparison(flags.sort, columns));
  return sorted.slice(0, max);
}

function comparison<T>(text: string, columns: readonly Column<T>[]): (a: T, b: T) => number {
  const isDescending = text.startsWith('-');
  const wanted = text.replace(/^-/, '').toLowerCase();
  const column = columns.find(({ title }) => title.toLowerCase() === wanted);
  if (!column) {
    const names = columns.map(({ title }) => title.toLowerCase()).join(' ');
    throw new UsageError(`--sort: there is no column "${wanted}"`, [`columns: ${names}`]);
  }
  const key = column.order ?? column.cell;
  return (a, b) => compareKeys(key(a), key(b)) * (isDescending ? -1 : 1);
}

/** Numbers within texts by their value, so that `web.10` follows `web.9`. */
function compareKeys(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

function checkMax(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`--max: "${text}" is no whole number`);
}
