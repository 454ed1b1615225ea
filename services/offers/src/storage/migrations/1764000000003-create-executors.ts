import { tableColumn } from '@tranche/persistence';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** Executors that run on without tasks, one row each: their agents tell of them only when they register or when they end. */
export class CreateExecutors1764000000003 implements MigrationInterface {
  name = 'CreateExecutors1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    const { type } = runner.connection.options;
    const columns = [tableColumn('id', 'key', type, { primary: true }), tableColumn('executor', 'json', type)];
    await runner.createTable(new Table({ name: 'offers_executors', columns }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('offers_executors');
  }
}
