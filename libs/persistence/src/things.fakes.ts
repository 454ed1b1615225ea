import { type DataSource, EntitySchema, type MigrationInterface, type QueryRunner, Table, TableColumn } from 'typeorm';
import { entityColumn, tableColumn } from './columns.js';
import type { ServiceDatabase } from './connect.js';

/** A row with every kind of column. */
export type Thing = {
  id: string;
  label: string;
  doc: unknown;
  atMs?: number;
  done: boolean;
};

export const ThingSchema = new EntitySchema<Thing>({
  name: 'thing',
  tableName: 'test_things',
  columns: {
    id: entityColumn('key', { primary: true }),
    label: entityColumn('text'),
    doc: entityColumn('json'),
    atMs: { ...entityColumn('milliseconds', { nullable: true }), name: 'at_ms' },
    done: entityColumn('flag'),
  },
}) as EntitySchema;

export class CreateThings1764000000001 implements MigrationInterface {
  name = 'CreateThings1764000000001';
  async up(runner: QueryRunner): Promise<void> {
    const { type } = runner.connection.options;
    const columns = [
      tableColumn('id', 'key', type, { primary: true }),
      tableColumn('label', 'text', type),
      tableColumn('doc', 'json', type),
      tableColumn('at_ms', 'milliseconds', type, { nullable: true }),
      tableColumn('done', 'flag', type),
    ];
    await runner.createTable(new Table({ name: 'test_things', columns }));
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('test_things');
  }
}

export class AddNote1764000000002 implements MigrationInterface {
  name = 'AddNote1764000000002';
  async up(runner: QueryRunner): Promise<void> {
    const { type } = runner.connection.options;
    await runner.addColumn('test_things', new TableColumn(tableColumn('note', 'text', type, { nullable: true })));
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('test_things', 'note');
  }
}

export class ContractThings1764000000003 implements MigrationInterface {
  name = 'ContractThings1764000000003';
  async up(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('test_things', 'label');
  }
  async down(): Promise<void> {
    // What was in the column is gone.
  }
}

export const things: ServiceDatabase = {
  service: 'test',
  entities: [ThingSchema],
  migrations: [CreateThings1764000000001],
};

export const thing = (id: string, more: Partial<Thing> = {}): Thing => ({
  id,
  label: '',
  doc: 0,
  done: false,
  ...more,
});

/** Every row, by id. */
export const allThings = async (source: DataSource): Promise<Thing[]> =>
  (await source.getRepository<Thing>('thing').find({ order: { id: 'ASC' } })).map((row) => ({ ...row }));
