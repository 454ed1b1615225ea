export { notAdditive, type SchemaShape, schemaShape } from './additive.js';
export type { Row } from './bulk-upsert.js';
export { BulkWriter, type BulkWriterOptions } from './bulk-writer.js';
export { type ColumnKind, entityColumn, keyText, tableColumn } from './columns.js';
export { connect, type DatabaseOptions, type ServiceDatabase } from './connect.js';
export { isMysqlType, isMysqlUrl, safeUrl, schemaUrl, withCredentials } from './connection.js';
export { inDatabaseSpan } from './database-span.js';
export { deleteInBatches } from './delete-in-batches.js';
export {
  applyMigrations,
  countMigrations,
  type MigrationStatus,
  migrationStatus,
  revertMigrations,
} from './migrations.js';
export { openDatabase } from './open-database.js';
export { openStorage, type ServiceStorage, type StorageConfig } from './open-storage.js';
export { PersistenceError, type PersistenceErrorCode } from './persistence.errors.js';
export { countRows, type PageRequest, readPage, type RowFilter } from './read-page.js';
export { schemaDrift } from './schema-drift.js';
export { inTransaction, isBrokenOff } from './transactions.js';
export { TypeormRequestStore } from './requests/request-store.typeorm.js';
export { CreateRequestTables, entitiesOf, type RequestTables, requestTables } from './requests/request-tables.js';
