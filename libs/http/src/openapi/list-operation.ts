import type { ListKind } from '../lists/list-kind.js';
import { flag, number, type Operation, type QueryParameter, text } from './operation.js';

const PAGE = {
  limit: number('items of a page; 100 when absent', 1, 1_000),
  after: text('cursor that the page before gave as next; good for the same sort only'),
};

/**
 * The operation that lists things.
 *
 * @param kind what its items are, and what it can be asked for
 */
export const list = (summary: string, { view, filters, fields, sorts, order }: ListKind): Operation => ({
  summary,
  answer: `[${view}]`,
  query: {
    ...PAGE,
    sort: {
      says: `member to sort by, with a - before it backwards; ${order === undefined ? "the list's own order" : order} when absent`,
      known: sorts.flatMap((field) => [field, `-${field}`]),
    },
    fields: text(`members that items are shown with, with commas between: ${fields.join(', ')}`),
    count: flag('tell the total, too'),
    ...Object.fromEntries(Object.entries(filters).map(([name, filter]) => [name, repeated(filter)])),
  },
});

/** Of filters any of the values counts. */
const repeated = (filter: QueryParameter): QueryParameter =>
  filter.isFlag || filter.numbers !== undefined ? filter : { ...filter, repeats: true };

export const DRY_RUN = { dryRun: flag('only say what it would mean') };
