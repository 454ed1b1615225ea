import { tableColumn } from '@tranche/persistence';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** Frameworks, tasks, and how far the allocator has been followed. */
export class CreateOffersTables1764000000001 implements MigrationInterface {
  name = 'CreateOffersTables1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    const { type } = runner.connection.options;
    const id = tableColumn('id', 'key', type, { primary: true });
    await runner.createTable(
      new Table({ name: 'offers_frameworks', columns: [id, tableColumn('record', 'json', type)] }),
    );
    await runner.createTable(
      new Table({
        name: 'offers_tasks',
        columns: [
          id,
          tableColumn('stage', 'key', type),
          tableColumn('launched_at_ms', 'milliseconds', type),
          tableColumn('record', 'json', type),
          tableColumn('bookkeeping', 'json', type),
        ],
      }),
    );
    await runner.createTable(
      new Table({ name: 'offers_allocations', columns: [id, tableColumn('seen', 'json', type)] }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['offers_allocations', 'offers_tasks', 'offers_frameworks']) await runner.dropTable(table);
  }
}
