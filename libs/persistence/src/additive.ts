import type { DataSource, Table } from 'typeorm';
import type { ServiceDatabase } from './connect.js';
import { tableNames } from './connection.js';

/** A column as far as another version of the code notices it. */
interface ColumnShape {
  readonly type: string;
  readonly isRequired: boolean;
}
export type SchemaShape = ReadonlyMap<string, ReadonlyMap<string, ColumnShape>>;

const shapeOf = (tables: readonly Table[]): SchemaShape =>
  new Map(
    tables.map((table) => [
      table.name.replace(/^.*\./, ''),
      new Map(
        table.columns.map((column) => [
          column.name,
          { type: column.type, isRequired: !column.isNullable && column.default === undefined && !column.isGenerated },
        ]),
      ),
    ]),
  );

/**
 * What a version of the code from before a change of the schema would stumble over: names of tables, columns, and why.
 *
 * That version reads what it knew, and inserts rows without what it does not know.
 */
export function notAdditive(before: SchemaShape, after: SchemaShape): string[] {
  return [...before].flatMap(([table, columns]) => {
    const now = after.get(table);
    if (now === undefined) return [`table ${table} is gone`];
    const changed = [...columns].flatMap(([name, was]) => {
      const is = now.get(name);
      if (is === undefined) return [`column ${table}.${name} is gone`];
      if (is.type !== was.type) return [`column ${table}.${name} was ${was.type} and is ${is.type}`];
      return is.isRequired && !was.isRequired ? [`column ${table}.${name} has become required`] : [];
    });
    const added = [...now].flatMap(([name, is]) =>
      !columns.has(name) && is.isRequired ? [`new column ${table}.${name} is required and has no default`] : [],
    );
    return [...changed, ...added];
  });
}

/** The schema as it is. For tests. */
export async function schemaShape(source: DataSource, { service }: ServiceDatabase): Promise<SchemaShape> {
  const runner = source.createQueryRunner();
  try {
    const own = (await tableNames(source)).filter((name) => name.startsWith(`${service}_`));
    return shapeOf(await runner.getTables(own));
  } finally {
    await runner.release();
  }
}
