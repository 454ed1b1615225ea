import { tableColumn } from '@tranche/persistence';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** Operations that are kept, and totals of agents as operations have made them. */
export class CreateOperationTables1764000000002 implements MigrationInterface {
  name = 'CreateOperationTables1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    const { type } = runner.connection.options;
    const id = tableColumn('id', 'key', type, { primary: true });
    await runner.createTable(
      new Table({
        name: 'offers_operations',
        columns: [
          id,
          tableColumn('accepted_at_ms', 'milliseconds', type),
          tableColumn('record', 'json', type),
          tableColumn('bookkeeping', 'json', type),
        ],
      }),
    );
    await runner.createTable(
      new Table({ name: 'offers_totals', columns: [id, tableColumn('resources', 'json', type)] }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['offers_totals', 'offers_operations']) await runner.dropTable(table);
  }
}
