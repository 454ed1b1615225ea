import type { ApiList, Query } from '../api/api-client.js';
import type { CliContext } from '../cli-context.js';

/** So much of the past is looked at unless somebody asks for more: a cluster keeps a week of it. */
const MAX_ITEMS = 1000;

/**
 * A list that goes back into the past, newest first: as much of it as `--max` says, or 1,000 items, and a note when there are more.
 */
export async function listPast<T>(
  { api, flags, note }: Pick<CliContext, 'api' | 'flags' | 'note'>,
  path: string,
  query: Query,
): Promise<ApiList<T>> {
  const asked = /^\d+$/.test(flags.max ?? '') ? Number(flags.max) : undefined;
  // What is sorted by a column is looked for among more than is shown.
  const max = flags.sort === undefined ? (asked ?? MAX_ITEMS) : Math.max(asked ?? 0, MAX_ITEMS);
  const list = await api.list<T>(path, query, Math.max(1, max));
  if (list.isCut && asked === undefined && !flags.watch) note(`these are the newest ${max}; --max N shows more`);
  return list;
}
