import { type ColumnKind, tableColumn } from '@tranche/persistence';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const LISTED = {
  list_rank: 'milliseconds',
  list_key: 'key',
  ended_at_ms: 'milliseconds',
  framework_hash: 'count',
} as const;
const NAMES = { framework_name: 'text', agent_hostname: 'text' } as const;

interface HistoryTable {
  readonly columns: Readonly<Record<string, ColumnKind>>;
  /** Columns by which its list is looked up, by the name of the index. */
  readonly lookUps: Readonly<Record<string, string>>;
}

const TABLES: Readonly<Record<string, HistoryTable>> = {
  offers_past_tasks: {
    columns: { framework_id: 'key', task_id: 'key', agent_id: 'key', name: 'key', state: 'key', ...NAMES },
    lookUps: { framework: 'framework_id', task: 'task_id', agent: 'agent_id', name: 'name' },
  },
  offers_past_frameworks: { columns: { name: 'key' }, lookUps: { name: 'name' } },
  offers_past_operations: {
    columns: { framework_id: 'key', agent_id: 'key', role: 'key', type: 'key', state: 'key', ...NAMES },
    lookUps: { framework: 'framework_id', agent: 'agent_id' },
  },
};

/**
 * What has ended has tables of its own, which lists are read from. What is in the old ones goes there when the service starts; on the way
 * back ended tasks and removed frameworks return to where the version before looks for them.
 */
export class CreateHistory1764000000004 implements MigrationInterface {
  name = 'CreateHistory1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    const { type } = runner.connection.options;
    for (const [name, { columns, lookUps }] of Object.entries(TABLES)) {
      const kinds = Object.entries<ColumnKind>({ ...LISTED, ...columns, record: 'json' });
      await runner.createTable(
        new Table({
          name,
          columns: [
            tableColumn('id', 'key', type, { primary: true }),
            ...kinds.map(([column, kind]) => tableColumn(column, kind, type)),
          ],
          indices: [
            { name: `${name}_list`, columnNames: ['list_rank', 'list_key'] },
            { name: `${name}_ended`, columnNames: ['ended_at_ms'] },
            ...Object.entries(lookUps).map(([index, column]) => ({
              name: `${name}_${index}`,
              columnNames: [column, 'list_rank', 'list_key'],
            })),
          ],
        }),
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `INSERT INTO offers_tasks (id, stage, launched_at_ms, record, bookkeeping)
       SELECT id, 'completed', -list_rank, record, '{"held":[],"heldForExecutor":[]}' FROM offers_past_tasks`,
    );
    await runner.query('INSERT INTO offers_frameworks (id, record) SELECT id, record FROM offers_past_frameworks');
    for (const name of Object.keys(TABLES).toReversed()) await runner.dropTable(name);
  }
}
