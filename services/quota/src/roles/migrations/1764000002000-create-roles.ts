import { tableColumn } from '@tranche/persistence';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** Roles with a weight or a quota, one row each. */
export class CreateRoles1764000002000 implements MigrationInterface {
  name = 'CreateRoles1764000002000';

  async up(runner: QueryRunner): Promise<void> {
    const { type } = runner.connection.options;
    const columns = [
      tableColumn('name', 'key', type, { primary: true }),
      tableColumn('weight', 'json', type, { nullable: true }),
      tableColumn('guarantees_milli', 'json', type, { nullable: true }),
      tableColumn('limits_milli', 'json', type, { nullable: true }),
    ];
    await runner.createTable(new Table({ name: 'quota_roles', columns }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('quota_roles');
  }
}
