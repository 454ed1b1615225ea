import { EntitySchema, type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { type ColumnKind, entityColumn, tableColumn } from '../columns.js';

/** First answer to a request with an `Idempotency-Key`. */
export interface AnswerRow {
  /** Digest of the key, of who used it, and of the partition that answered. */
  readonly id: string;
  readonly asked: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly atMs: number;
}

/** Who changed a resource last. */
export interface ChangeRow {
  /** Digest of the resource, which may be longer than a key. */
  readonly id: string;
  readonly change: object;
  readonly atMs: number;
}

const ANSWERS = { asked: 'key', status: 'count', headers: 'json', body: 'text', at_ms: 'milliseconds' } as const;
const CHANGES = { change: 'json', at_ms: 'milliseconds' } as const;

/** The tables in which a service keeps what it remembers of requests. */
export interface RequestTables {
  readonly answers: EntitySchema<AnswerRow>;
  readonly changes: EntitySchema<ChangeRow>;
}

/** @param service tables begin with its name */
export const requestTables = (service: string): RequestTables => ({
  answers: new EntitySchema<AnswerRow>({
    ...namesOf(`${service}_kept_answers`),
    columns: {
      ...COMMON,
      asked: entityColumn(ANSWERS.asked),
      status: entityColumn(ANSWERS.status),
      headers: entityColumn(ANSWERS.headers),
      body: entityColumn(ANSWERS.body),
    },
    indices: [{ name: `${service}_kept_answers_at`, columns: ['atMs'] }],
  }),
  changes: new EntitySchema<ChangeRow>({
    ...namesOf(`${service}_noted_changes`),
    columns: { ...COMMON, change: entityColumn(CHANGES.change) },
    indices: [{ name: `${service}_noted_changes_at`, columns: ['atMs'] }],
  }),
});

const COMMON = {
  id: entityColumn('key', { primary: true }),
  atMs: { ...entityColumn('milliseconds'), name: 'at_ms' },
} as const;

const namesOf = (table: string) => ({ name: table, tableName: table });

/** For the description of a service's database. */
export const entitiesOf = ({ answers, changes }: RequestTables): EntitySchema[] => [
  answers as EntitySchema,
  changes as EntitySchema,
];

/** Creates the tables; a service's migration extends it with its own name. */
export abstract class CreateRequestTables implements MigrationInterface {
  abstract readonly name: string;
  protected abstract readonly service: string;

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, `${this.service}_kept_answers`, ANSWERS);
    await createTable(runner, `${this.service}_noted_changes`, CHANGES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(`${this.service}_noted_changes`);
    await runner.dropTable(`${this.service}_kept_answers`);
  }
}

async function createTable(
  runner: QueryRunner,
  name: string,
  columns: Readonly<Record<string, ColumnKind>>,
): Promise<void> {
  const { type } = runner.connection.options;
  await runner.createTable(
    new Table({
      name,
      columns: [
        tableColumn('id', 'key', type, { primary: true }),
        ...Object.entries(columns).map(([column, kind]) => tableColumn(column, kind, type)),
      ],
      indices: [{ name: `${name}_at`, columnNames: ['at_ms'] }],
    }),
  );
}
