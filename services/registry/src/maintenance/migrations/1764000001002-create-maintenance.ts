import { tableColumn } from '@tranche/persistence';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** The maintenance schedule and the machines that are down: one row. */
export class CreateMaintenance1764000001002 implements MigrationInterface {
  name = 'CreateMaintenance1764000001002';

  async up(runner: QueryRunner): Promise<void> {
    const { type } = runner.connection.options;
    const columns = [tableColumn('id', 'key', type, { primary: true }), tableColumn('maintenance', 'json', type)];
    await runner.createTable(new Table({ name: 'registry_maintenance', columns }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('registry_maintenance');
  }
}
