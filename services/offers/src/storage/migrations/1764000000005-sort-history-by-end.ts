import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const TABLES = ['offers_past_tasks', 'offers_past_frameworks', 'offers_past_operations'];
const PLACE = ['list_rank', 'list_key'];

/** Lists are sorted by when things ended: the index of it has the place in the list, too. */
export class SortHistoryByEnd1764000000005 implements MigrationInterface {
  name = 'SortHistoryByEnd1764000000005';

  up(runner: QueryRunner): Promise<void> {
    return indexEnds(runner, PLACE);
  }

  down(runner: QueryRunner): Promise<void> {
    return indexEnds(runner, []);
  }
}

async function indexEnds(runner: QueryRunner, more: readonly string[]): Promise<void> {
  for (const table of TABLES) {
    await runner.dropIndex(table, `${table}_ended`);
    await runner.createIndex(table, new TableIndex({ name: `${table}_ended`, columnNames: ['ended_at_ms', ...more] }));
  }
}
