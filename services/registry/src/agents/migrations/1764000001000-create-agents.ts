import { tableColumn } from '@tranche/persistence';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** Agents that the registry knows, one row each. */
export class CreateAgents1764000001000 implements MigrationInterface {
  name = 'CreateAgents1764000001000';

  async up(runner: QueryRunner): Promise<void> {
    const { type } = runner.connection.options;
    const columns = [
      tableColumn('agent_id', 'key', type, { primary: true }),
      tableColumn('hostname', 'text', type),
      tableColumn('state', 'key', type),
      tableColumn('state_since_ms', 'milliseconds', type),
      tableColumn('record', 'json', type),
    ];
    await runner.createTable(new Table({ name: 'registry_agents', columns }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('registry_agents');
  }
}
