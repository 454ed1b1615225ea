import type { DataSource, EntitySchema, ObjectLiteral } from 'typeorm';

/** One page of rows in the order of an index. */
export interface PageRequest<T> {
  /** A number, then a text; one index has both, behind the columns of `equal`. */
  readonly order: readonly [rank: keyof T & string, key: keyof T & string];
  /** Rows behind this place; absent: from the first. */
  readonly after?: { readonly rank: number; readonly key: string } | undefined;
  /** Of each of these columns one of the values. */
  readonly equal?: Readonly<Partial<Record<keyof T & string, readonly string[]>>>;
  /** The column begins with the text. */
  readonly beginning?: { readonly column: keyof T & string; readonly text: string } | undefined;
  /** Only rows whose number leaves this remainder. */
  readonly remainder?:
    | { readonly column: keyof T & string; readonly divisor: number; readonly value: number }
    | undefined;
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
  { order: [rank, key], after, equal, beginning, remainder, limit }: PageRequest<T>,
): Promise<T[]> {
  const query = source.getRepository(entity).createQueryBuilder('row');
  for (const [column, values] of Object.entries<readonly string[] | undefined>(equal ?? {})) {
    if (values !== undefined) query.andWhere(`row.${column} IN (:...${column})`, { [column]: values });
  }
  if (beginning !== undefined) {
    const { column, text } = beginning;
    query.andWhere(`row.${column} >= :begin AND row.${column} < :end`, { begin: text, end: text + LAST_CHARACTER });
  }
  if (remainder !== undefined) {
    const { column, divisor, value } = remainder;
    query.andWhere(`row.${column} % :divisor = :value`, { divisor, value });
  }
  if (after !== undefined) {
    // The first condition says nothing new: it is the one that a server looks up in the index.
    query
      .andWhere(`row.${rank} >= :rank`)
      .andWhere(`(row.${rank} > :rank OR row.${key} > :key)`)
      .setParameters({ ...after });
  }
  return query.orderBy(`row.${rank}`, 'ASC').addOrderBy(`row.${key}`, 'ASC').limit(limit).getMany();
}
