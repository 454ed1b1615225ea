import type { DataSource } from 'typeorm';

/**
 * What would have to change in the database to fit the entities: empty when migrations and entities agree.
 *
 * For tests, on both dialects.
 */
export async function schemaDrift(source: DataSource): Promise<string[]> {
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  return upQueries.map((query) => query.query);
}
