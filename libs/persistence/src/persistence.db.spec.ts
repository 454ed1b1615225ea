import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DataSource, EntitySchema, type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BulkWriter } from './bulk-writer.js';
import { entityColumn, tableColumn } from './columns.js';
import { countMigrations, openDatabase, safeUrl } from './open-database.js';
import { schemaDrift } from './schema-drift.js';
import { inTransaction } from './transactions.js';

interface Thing {
  id: string;
  doc: unknown;
  atMs?: number;
  done: boolean;
}

const ThingSchema = new EntitySchema<Thing>({
  name: 'thing',
  tableName: 'test_things',
  columns: {
    id: entityColumn('key', { primary: true }),
    doc: entityColumn('json'),
    atMs: { ...entityColumn('milliseconds', { nullable: true }), name: 'at_ms' },
    done: entityColumn('flag'),
  },
});

class CreateThings1764000000001 implements MigrationInterface {
  name = 'CreateThings1764000000001';
  async up(runner: QueryRunner): Promise<void> {
    const { type } = runner.connection.options;
    const columns = [
      tableColumn('id', 'key', type, { primary: true }),
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

class Newer1764000000002 implements MigrationInterface {
  name = 'Newer1764000000002';
  async up(): Promise<void> {
    // Changes nothing: only its entry in the log matters.
  }
  async down(): Promise<void> {
    // Nothing to take back.
  }
}

describe('the database of a service', () => {
  let folder: string;
  const opened: DataSource[] = [];
  const open = async (
    migrations = [CreateThings1764000000001] as (new () => MigrationInterface)[],
  ): Promise<DataSource> => {
    const url = `sqlite:${join(folder, 'deep', 'tranche.db')}`;
    const source = await openDatabase({ url, service: 'test', entities: [ThingSchema as EntitySchema], migrations });
    opened.push(source);
    return source;
  };
  const all = async (source: DataSource): Promise<Thing[]> =>
    (await source.getRepository<Thing>('thing').find({ order: { id: 'ASC' } })).map((thing) => ({ ...thing }));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-db-'));
  });
  afterEach(async () => {
    for (const source of opened.splice(0)) if (source.isInitialized) await source.destroy();
    rmSync(folder, { recursive: true });
  });

  it('has after its migrations exactly the schema of its entities', async () => {
    expect(await schemaDrift(await open())).toEqual([]);
  });

  it('refuses a database of a newer version and leaves it as it is', async () => {
    await (await open([CreateThings1764000000001, Newer1764000000002])).destroy();
    await expect(open([CreateThings1764000000001])).rejects.toMatchObject({ code: 'persistence/newer-schema' });
    await expect(open([CreateThings1764000000001, Newer1764000000002])).resolves.toBeDefined();
  });

  it('counts the migrations that have been applied', async () => {
    await open([CreateThings1764000000001, Newer1764000000002]);
    expect(await countMigrations(`sqlite:${join(folder, 'deep', 'tranche.db')}`)).toBe(2);
  });

  it('writes the newest state of each key in one go', async () => {
    const source = await open();
    const writer = new BulkWriter(source);
    for (let i = 0; i < 5_000; i++)
      writer.put(ThingSchema as EntitySchema, `k${i}`, { id: `k${i}`, doc: { i }, done: false });
    writer.put(ThingSchema as EntitySchema, 'k1', { id: 'k1', doc: ['new'], atMs: 1_760_000_000_123, done: true });
    writer.remove(ThingSchema as EntitySchema, 'k2');
    expect(writer.backlog).toBe(5_000);
    await writer.flush();
    expect(writer.backlog).toBe(0);
    const rows = await all(source);
    expect(rows).toHaveLength(4_999);
    expect(rows.find((row) => row.id === 'k1')).toEqual({
      id: 'k1',
      doc: ['new'],
      atMs: 1_760_000_000_123,
      done: true,
    });
  });

  it('replaces rows that are there and removes them again', async () => {
    const source = await open();
    const writer = new BulkWriter(source);
    writer.put(ThingSchema as EntitySchema, 'a', { id: 'a', doc: 1, done: false });
    await writer.flush();
    writer.put(ThingSchema as EntitySchema, 'a', { id: 'a', doc: 2, done: true });
    await writer.flush();
    expect(await all(source)).toMatchObject([{ id: 'a', doc: 2, done: true }]);
    writer.remove(ThingSchema as EntitySchema, 'a');
    await writer.flush();
    expect(await all(source)).toEqual([]);
  });

  it('keeps what could not be written, under what has changed since', async () => {
    const source = await open();
    const writer = new BulkWriter(source);
    await source.query('ALTER TABLE test_things RENAME TO away');
    writer.put(ThingSchema as EntitySchema, 'a', { id: 'a', doc: 1, done: false });
    await expect(writer.flush()).rejects.toMatchObject({ code: 'persistence/write-failed', retryable: true });
    writer.put(ThingSchema as EntitySchema, 'b', { id: 'b', doc: 1, done: false });
    await source.query('ALTER TABLE away RENAME TO test_things');
    await writer.flush();
    expect((await all(source)).map((row) => row.id)).toEqual(['a', 'b']);
  });

  it('lets several data sources of one process write to one SQLite file at once', async () => {
    const sources = [await open(), await open(), await open()];
    await Promise.all(
      sources.flatMap((source, s) =>
        Array.from({ length: 20 }, (_, i) =>
          inTransaction(source, async (manager) => {
            await manager.query('INSERT INTO test_things (id, doc, done) VALUES (?, ?, ?)', [`${s}-${i}`, '1', 0]);
            await new Promise((resolve) => setImmediate(resolve));
          }),
        ),
      ),
    );
    expect(await all(sources[0] as DataSource)).toHaveLength(60);
  });

  it('hides the password of a url', () => {
    expect(safeUrl('mysql://tranche:s3cret@db:3306/offers')).toBe('mysql://tranche:********@db:3306/offers');
  });
});
