export { BulkWriter, type BulkWriterOptions } from './bulk-writer.js';
export type { Row } from './bulk-upsert.js';
export { type ColumnKind, entityColumn, tableColumn } from './columns.js';
export { countMigrations, type DatabaseOptions, openDatabase, safeUrl } from './open-database.js';
export { PersistenceError, type PersistenceErrorCode } from './persistence.errors.js';
export { schemaDrift } from './schema-drift.js';
export { inTransaction } from './transactions.js';
