import { inDatabaseSpan } from './database-span.js';
import type { DataSource, EntitySchema, ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/** Which rows are wanted. */
export interface RowFilter<T> {
  /** Of each of these columns one of the values. */
  readonly equal?: Readonly<Partial<Record<keyof T & string, readonly string[]>>>;
  /** One of the columns begins with its text. */
  readonly beginnings?: readonly { readonly column: keyof T & string; readonly text: string }[] | undefined;
  /** Only rows whose number leaves this remainder. */
  readonly remainder?:
    | { readonly column: keyof T & string; readonly divisor: number; readonly value: number }
    | undefined;
}

/** A place among rows. */
export interface RowPlace {
  readonly rank: number;
  readonly key: string;
  /** In the column that rows are sorted by, where they are. */
  readonly value?: string | number | undefined;
}

/** One page of rows in the order of an index. */
export interface PageRequest<T> extends RowFilter<T> {
  /** A number, then a text; one index has both, behind the columns of `equal`. */
  readonly order: readonly [rank: keyof T & string, key: keyof T & string];
  /** What comes before both in the order, and in an index with them. */
  readonly sort?: (keyof T & string) | undefined;
  /** From the last row to the first: an index is read as well that way. */
  readonly isBackwards?: boolean;
  /** Rows behind this place; absent: from the first. */
  readonly after?: RowPlace | undefined;
  /** Rows at most. */
  readonly limit: number;
}

/** No text that begins as another one does comes behind it with this. */
const LAST_CHARACTER = '\u{10ffff}';

/**
 * Reads a page by its place and not by its number: the last page costs no more than the first.
 *
 * @throws whatever the database fails with
 */
export function readPage<T extends ObjectLiteral>(
  source: DataSource,
  entity: EntitySchema<T>,
  { order, sort, isBackwards = false, after, limit, ...filter }: PageRequest<T>,
): Promise<T[]> {
  const query = filtered(source, entity, filter);
  const columns = sort === undefined ? order : [sort, ...order];
  if (after !== undefined) {
    const { rank, key, value } = after;
    pickBehind(query, columns, sort === undefined ? [rank, key] : [value, rank, key], isBackwards);
  }
  for (const column of columns) query.addOrderBy(`row.${column}`, isBackwards ? 'DESC' : 'ASC');
  return inDatabaseSpan(source, 'SELECT', entity, () => query.limit(limit).getMany());
}

/** How many rows there are. @throws whatever the database fails with */
export const countRows = <T extends ObjectLiteral>(
  source: DataSource,
  entity: EntitySchema<T>,
  filter: RowFilter<T>,
): Promise<number> => inDatabaseSpan(source, 'SELECT', entity, () => filtered(source, entity, filter).getCount());

function filtered<T extends ObjectLiteral>(
  source: DataSource,
  entity: EntitySchema<T>,
  { equal, beginnings, remainder }: RowFilter<T>,
): SelectQueryBuilder<T> {
  const query = source.getRepository(entity).createQueryBuilder('row');
  for (const [column, values] of Object.entries<readonly string[] | undefined>(equal ?? {})) {
    if (values !== undefined) query.andWhere(`row.${column} IN (:...${column})`, { [column]: values });
  }
  if (beginnings !== undefined) {
    const alternatives = beginnings.map(
      ({ column }, i) => `(row.${column} >= :begin${i} AND row.${column} < :end${i})`,
    );
    const texts = beginnings.flatMap(({ text }, i) => [
      [`begin${i}`, text],
      [`end${i}`, text + LAST_CHARACTER],
    ]);
    query.andWhere(`(${alternatives.join(' OR ')})`, Object.fromEntries(texts) as Record<string, string>);
  }
  if (remainder !== undefined) {
    const { column, divisor, value } = remainder;
    query.andWhere(`row.${column} % :divisor = :value`, { divisor, value });
  }
  return query;
}

/** Rows behind a place in the order of some columns. */
function pickBehind<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  columns: readonly string[],
  place: readonly unknown[],
  isBackwards: boolean,
): void {
  const behind = isBackwards ? '<' : '>';
  const alternatives = columns.map((column, i) => {
    const same = columns.slice(0, i).map((before, n) => `row.${before} = :place${n}`);
    return `(${[...same, `row.${column} ${behind} :place${i}`].join(' AND ')})`;
  });
  // The first condition says nothing new: it is the one that a server looks up in the index.
  query
    .andWhere(`row.${columns[0]} ${behind}= :place0`)
    .andWhere(`(${alternatives.join(' OR ')})`)
    .setParameters(Object.fromEntries(place.map((value, i) => [`place${i}`, value])));
}
