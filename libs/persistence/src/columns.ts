import type { EntitySchemaColumnOptions, TableColumnOptions, ValueTransformer } from 'typeorm';
import { isMysqlType } from './connection.js';

/** Longest key: an id of 255 characters fits MySQL's index limit of 3,072 bytes in utf8mb4. */
const KEY_LENGTH = 255;

/** MySQL compares texts without regard to case by default; ids, names of roles and of agents are compared byte by byte everywhere else. */
export const EXACT = { charset: 'utf8mb4', collation: 'utf8mb4_bin' } as const;

const json: ValueTransformer = {
  to: (value: unknown) => (value === undefined || value === null ? null : JSON.stringify(value)),
  from: (text: string | null) => (text === null ? undefined : (JSON.parse(text) as unknown)),
};

/** BIGINT comes back as text from MySQL and as a number from SQLite. */
const integer: ValueTransformer = {
  to: (value: number | null | undefined) => value ?? null,
  from: (value: string | number | null) => (value === null ? undefined : Number(value)),
};

/**
 * What a column holds:
 * `key` an id or name, up to 255 characters, compared exactly · `text` and `json` of any length · `milliseconds` a point in time ·
 * `count` a whole number up to 2^53 · `flag` true or false
 */
export type ColumnKind = 'key' | 'text' | 'json' | 'milliseconds' | 'count' | 'flag';

/** A text cut to what a `key` column takes. */
export const keyText = (text: string): string =>
  text.length <= KEY_LENGTH ? text : Array.from(text).slice(0, KEY_LENGTH).join('');

/** One column in the forms that the entity and the migration need; both come from here, so they cannot differ. */
export function entityColumn(
  kind: ColumnKind,
  options: { primary?: boolean; nullable?: boolean } = {},
): EntitySchemaColumnOptions {
  const common = { primary: options.primary ?? false, nullable: options.nullable ?? false };
  switch (kind) {
    case 'key':
      return { type: 'varchar', length: KEY_LENGTH, ...common };
    case 'text':
      return { type: 'text', ...common };
    case 'json':
      return { type: 'text', transformer: json, ...common };
    case 'milliseconds':
    case 'count':
      return { type: 'bigint', transformer: integer, ...common };
    case 'flag':
      return { type: 'boolean', ...common };
  }
}

/** The same column for a migration's `Table`. */
export function tableColumn(
  name: string,
  kind: ColumnKind,
  databaseType: string,
  options: { primary?: boolean; nullable?: boolean } = {},
): TableColumnOptions {
  const common = { name, isPrimary: options.primary ?? false, isNullable: options.nullable ?? false };
  const isMysql = isMysqlType(databaseType);
  switch (kind) {
    case 'key':
      return { type: 'varchar', length: String(KEY_LENGTH), ...common, ...(isMysql ? EXACT : {}) };
    case 'text':
    case 'json':
      return { type: isMysql ? 'longtext' : 'text', ...common, ...(isMysql ? EXACT : {}) };
    case 'milliseconds':
    case 'count':
      return { type: 'bigint', ...common };
    case 'flag':
      return isMysql ? { type: 'tinyint', ...common } : { type: 'boolean', ...common };
  }
}

/** An entity as MySQL needs it: its `text` ends at 64 KB, and its comparison is not exact. SQLite has neither trouble. */
export function columnForMysql(column: EntitySchemaColumnOptions): EntitySchemaColumnOptions {
  if (column.type === 'text') return { ...column, type: 'longtext', ...EXACT };
  return column.type === 'varchar' ? { ...column, ...EXACT } : column;
}
