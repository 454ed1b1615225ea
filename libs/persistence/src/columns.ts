import type { EntitySchemaColumnOptions, TableColumnOptions, ValueTransformer } from 'typeorm';

/** Longest key: an id of 255 characters fits MySQL's index limit of 3,072 bytes in utf8mb4. */
const KEY_LENGTH = 255;

const json: ValueTransformer = {
  to: (value: unknown) => (value === undefined || value === null ? null : JSON.stringify(value)),
  from: (text: string | null) => (text === null ? undefined : (JSON.parse(text) as unknown)),
};

/** BIGINT comes back as text from MySQL and as a number from SQLite. */
const integer: ValueTransformer = {
  to: (value: number | null | undefined) => value ?? null,
  from: (value: string | number | null) => (value === null ? undefined : Number(value)),
};

export type ColumnKind = 'key' | 'text' | 'json' | 'milliseconds' | 'flag';

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
  switch (kind) {
    case 'key':
      return { type: 'varchar', length: String(KEY_LENGTH), ...common };
    case 'text':
    case 'json':
      return { type: databaseType === 'mysql' ? 'longtext' : 'text', ...common };
    case 'milliseconds':
      return { type: 'bigint', ...common };
    case 'flag':
      return { type: databaseType === 'mysql' ? 'tinyint' : 'boolean', ...common };
  }
}
