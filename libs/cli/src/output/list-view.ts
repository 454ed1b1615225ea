import type { ApiList } from '../api/api-client.js';
import type { CliContext } from '../cli-context.js';
import { type Column, renderTable } from './table.js';

/** How a list of REST resources is shown. */
export interface ListView<T> {
  columns: readonly Column<T>[];
  /** For `-o name`, and to tell one item from another when watching. */
  name: (item: T) => string;
  /** Said on standard error instead of an empty table. */
  whenEmpty: string;
}

/** A list and how it is shown. */
export interface ShownList<T> extends ApiList<T> {
  view: ListView<T>;
}

/** The text of a list in the format of the settings. An empty table is no text at all. */
export function renderList<T>({ settings }: CliContext, { view, items, asOf }: ShownList<T>): string {
  switch (settings.output) {
    case 'json':
      return `${JSON.stringify({ items, asOf }, undefined, 2)}\n`;
    case 'jsonl':
      return items.map((item) => `${JSON.stringify(item)}\n`).join('');
    case 'name':
      return items.map((item) => `${view.name(item)}\n`).join('');
    default:
      return items.length === 0 ? '' : renderTable(shownColumns(view.columns, settings.output === 'wide'), items);
  }
}

/** The columns of a table, or of a wide one. */
export function shownColumns<T>(columns: readonly Column<T>[], isWide: boolean): Column<T>[] {
  return columns.filter((column) => isWide || !column.isWide);
}

/** True for the formats that people read. */
export function isTable({ settings }: CliContext): boolean {
  return settings.output === 'table' || settings.output === 'wide';
}
