import { testDatabases } from '@tranche/test-servers';
import type { DataSource, EntitySchema } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notAdditive, schemaShape } from './additive.js';
import { BulkWriter } from './bulk-writer.js';
import { deleteInBatches } from './delete-in-batches.js';
import { applyMigrations, countMigrations, migrationStatus, revertMigrations } from './migrations.js';
import type { DatabaseOptions, ServiceDatabase } from './connect.js';
import { isMysqlType, safeUrl } from './connection.js';
import { openDatabase } from './open-database.js';
import { type PageRequest, readPage } from './read-page.js';
import { schemaDrift } from './schema-drift.js';
import {
  AddNote1764000000002,
  allThings,
  ContractThings1764000000003,
  CreateThings1764000000001,
  type Thing,
  thing,
  things,
  ThingSchema,
} from './things.fakes.js';
import { inTransaction } from './transactions.js';

const newer: ServiceDatabase = { ...things, migrations: [CreateThings1764000000001, AddNote1764000000002] };

for (const database of testDatabases()) {
  describe.skipIf(database.missing)(`the database of a service on ${database.name}`, () => {
    const opened: DataSource[] = [];
    let url: string;
    const open = async (of: ServiceDatabase = things, more: Partial<DatabaseOptions> = {}): Promise<DataSource> => {
      const source = await openDatabase({ ...of, url, ...more });
      opened.push(source);
      return source;
    };

    beforeEach(async () => {
      url = await database.freshUrl();
    });
    afterEach(async () => {
      for (const source of opened.splice(0)) if (source.isInitialized) await source.destroy();
    });

    it('has after its migrations exactly the schema of its entities', async () => {
      expect(await schemaDrift(await open())).toEqual([]);
    });

    it('goes forward and back', async () => {
      const source = await open(newer);
      expect(await countMigrations(url)).toBe(2);
      expect(await revertMigrations(source, newer, 1)).toEqual(['AddNote1764000000002']);
      expect(await migrationStatus(source, newer)).toEqual({
        applied: ['CreateThings1764000000001'],
        pending: ['AddNote1764000000002'],
        unknown: [],
      });
      expect(await applyMigrations(source, newer)).toEqual(['AddNote1764000000002']);
      expect(await revertMigrations(source, newer, 9)).toEqual(['AddNote1764000000002', 'CreateThings1764000000001']);
    });

    it('goes on with an older version beside a newer one that has only added', async () => {
      const old = await open();
      const before = await schemaShape(old, things);
      const fresh = await open(newer);
      expect(notAdditive(before, await schemaShape(fresh, newer))).toEqual([]);
      const again = await open();
      const writer = new BulkWriter(again);
      writer.put(ThingSchema, 'a', thing('a'));
      await writer.flush();
      expect(await allThings(old)).toMatchObject([{ id: 'a' }]);
      await expect(revertMigrations(again, things, 1)).rejects.toMatchObject({ code: 'persistence/newer-schema' });
    });

    it('refuses what a newer version has taken away from, and leaves it as it is', async () => {
      const contracted = { ...newer, migrations: [...newer.migrations, ContractThings1764000000003] };
      const before = await schemaShape(await open(newer), newer);
      const source = await open(contracted);
      expect(notAdditive(before, await schemaShape(source, contracted))).toEqual(['column test_things.label is gone']);
      await expect(open(newer)).rejects.toMatchObject({ code: 'persistence/newer-schema' });
      await expect(open(contracted)).resolves.toBeDefined();
    });

    it('does not start without migrations that someone else is to apply', async () => {
      await expect(open(things, { pending: 'require' })).rejects.toThrow(
        /lacks 1 migrations of test \(CreateThings1764000000001\): npm run migrate/,
      );
      await open();
      await expect(open(things, { pending: 'require' })).resolves.toBeDefined();
    });

    it('is brought up to date once by replicas that start together', async () => {
      if (database.name === 'SQLite') await open();
      await Promise.all([open(newer), open(newer), open(newer)]);
      expect(await countMigrations(url)).toBe(2);
    });

    it('writes the newest state of each key in one go', async () => {
      const source = await open();
      const writer = new BulkWriter(source);
      for (let i = 0; i < 12_000; i++) writer.put(ThingSchema, `k${i}`, thing(`k${i}`, { doc: { i } }));
      const late = thing('k1', { doc: ['new'], atMs: 1_760_000_000_123, done: true });
      writer.put(ThingSchema, 'k1', late);
      writer.remove(ThingSchema, 'k2');
      expect(writer.backlog).toBe(12_000);
      await writer.flush();
      expect(writer.backlog).toBe(0);
      const rows = await allThings(source);
      expect(rows).toHaveLength(11_999);
      expect(rows.find((row) => row.id === 'k1')).toEqual(late);
    });

    it('leaves the rows of another owner as they are', async () => {
      const source = await open();
      let isOwner = true;
      const former = new BulkWriter(source, { mayWrite: async () => isOwner });
      former.put(ThingSchema, 'a', thing('a', { doc: 'first' }));
      await former.flush();
      former.put(ThingSchema, 'a', thing('a', { doc: 'stale' }));
      isOwner = false;
      await former.close();
      expect(former.backlog).toBe(0);
      expect(await allThings(source)).toMatchObject([{ id: 'a', doc: 'first' }]);
    });

    it('replaces rows that are there and removes them again', async () => {
      const source = await open();
      const writer = new BulkWriter(source);
      writer.put(ThingSchema, 'a', thing('a', { doc: 1 }));
      await writer.flush();
      writer.put(ThingSchema, 'a', thing('a', { doc: 2, done: true }));
      await writer.flush();
      expect(await allThings(source)).toMatchObject([{ id: 'a', doc: 2, done: true }]);
      writer.remove(ThingSchema, 'a');
      await writer.flush();
      expect(await allThings(source)).toEqual([]);
    });

    it('keeps keys apart that differ in case or accent alone, and texts of any length and script', async () => {
      const source = await open();
      const writer = new BulkWriter(source);
      const keys = ['dev', 'DEV', 'Dev', 'dév', 'x'.repeat(255), '角色', '🦀'];
      const long = `🦀${'é'.repeat(300_000)}`;
      for (const key of keys) writer.put(ThingSchema, key, thing(key, { label: long, doc: { long } }));
      await writer.flush();
      const rows = await allThings(source);
      expect(rows.map((row) => row.id).toSorted()).toEqual(keys.toSorted());
      expect(rows.every((row) => row.label === long && (row.doc as { long: string }).long === long)).toBe(true);
    });

    it('gives numbers of 53 bits back as numbers', async () => {
      const source = await open();
      const writer = new BulkWriter(source);
      writer.put(ThingSchema, 'a', thing('a', { atMs: Number.MAX_SAFE_INTEGER }));
      writer.put(ThingSchema, 'b', thing('b'));
      await writer.flush();
      expect((await allThings(source)).map((row) => row.atMs)).toEqual([Number.MAX_SAFE_INTEGER, undefined]);
    });

    it('keeps what could not be written, under what has changed since', async () => {
      const source = await open();
      const writes: boolean[] = [];
      const writer = new BulkWriter(source, { onWrite: ({ ok }) => writes.push(ok) });
      await source.query('ALTER TABLE test_things RENAME TO away');
      writer.put(ThingSchema, 'a', thing('a', { doc: 1 }));
      writer.put(ThingSchema, 'b', thing('b', { doc: 1 }));
      await expect(writer.flush()).rejects.toMatchObject({ code: 'persistence/write-failed', retryable: true });
      expect(writer.state).toMatch(/^not written for \d+ s \(.*test_things.*\); 2 changes wait$/);
      writer.put(ThingSchema, 'b', thing('b', { doc: 2 }));
      await source.query('ALTER TABLE away RENAME TO test_things');
      await writer.flush();
      expect(await allThings(source)).toMatchObject([
        { id: 'a', doc: 1 },
        { id: 'b', doc: 2 },
      ]);
      expect([writer.state, writes]).toEqual([true, [false, true]]);
    });

    it('keeps no more than its bound while the database is away, and has everything written again after', async () => {
      const source = await open();
      const memory = new Map([1, 2, 3, 4].map((n) => [`k${n}`, thing(`k${n}`)]));
      const rewrite = (): void => memory.forEach((row, key) => writer.put(ThingSchema, key, row));
      const writer: BulkWriter = new BulkWriter(source, { maxChanges: 3, rewrite, delayMs: 60_000 });
      await source.query('ALTER TABLE test_things RENAME TO away');
      rewrite();
      await expect(writer.flush()).rejects.toThrow('cannot write');
      expect([writer.backlog, writer.lost]).toEqual([3, 1]);
      expect(writer.state).toContain('1 found no room');
      await source.query('ALTER TABLE away RENAME TO test_things');
      await writer.flush();
      expect([writer.backlog, writer.lost]).toEqual([4, 0]);
      await writer.flush();
      expect((await allThings(source)).map(({ id }) => id)).toEqual(['k1', 'k2', 'k3', 'k4']);
    });

    it('deletes what is past its time in batches, and nothing that has no time', async () => {
      const source = await open();
      const writer = new BulkWriter(source);
      for (let i = 0; i < 2_500; i++) writer.put(ThingSchema, `k${i}`, thing(`k${i}`, { atMs: i }));
      writer.put(ThingSchema, 'lives', thing('lives'));
      await writer.flush();
      expect(await deleteInBatches(source, ThingSchema, 'atMs', 2_400)).toBe(2_400);
      expect(await allThings(source)).toHaveLength(101);
    });

    it('reads pages by their place, filtered, to the end', async () => {
      const source = await open();
      const writer = new BulkWriter(source);
      // Ten rows of each rank; a name with and one without regard to case, and one beyond what UTF-16 has in a unit.
      for (let i = 0; i < 50; i++) {
        const id = `k${String(i).padStart(2, '0')}`;
        writer.put(ThingSchema, id, thing(id, { label: i % 2 === 0 ? 'even' : 'odd', atMs: -Math.floor(i / 10) }));
      }
      for (const id of ['K07', 'k😀']) writer.put(ThingSchema, id, thing(id, { label: 'odd', atMs: 1 }));
      await writer.flush();
      const read = async (more: Partial<PageRequest<Thing>>): Promise<string[][]> => {
        const pages: string[][] = [];
        for (let after: PageRequest<Thing>['after']; ; ) {
          const request = { order: ['atMs', 'id'] as const, limit: 7, after, ...more };
          const rows = await readPage(source, ThingSchema as EntitySchema<Thing>, request);
          if (rows.length === 0) return pages;
          pages.push(rows.map(({ id }) => id));
          const last = rows.at(-1);
          after = { rank: last?.atMs ?? 0, key: last?.id ?? '' };
        }
      };
      const all = await read({});
      expect(all.map((page) => page.length)).toEqual([7, 7, 7, 7, 7, 7, 7, 3]);
      expect(all.flat().slice(0, 11)).toEqual([...Array.from({ length: 10 }, (_, i) => `k4${i}`), 'k30']);
      expect(all.flat().slice(-2)).toEqual(['K07', 'k😀']);
      expect(new Set(all.flat()).size).toBe(52);
      expect((await read({ equal: { label: ['even'] } })).flat()).toHaveLength(25);
      expect((await read({ equal: { label: ['even', 'odd'] } })).flat()).toHaveLength(52);
      expect((await read({ beginnings: [{ column: 'id', text: 'k4' }] })).flat()).toHaveLength(10);
      expect((await read({ beginnings: [{ column: 'id', text: 'k' }] })).flat()).toHaveLength(51);
      expect(
        (await read({ remainder: { column: 'atMs', divisor: 2, value: 1 }, equal: { label: ['odd'] } })).flat(),
      ).toEqual(['K07', 'k😀']);
    });

    it('moves a row from one table to another without a moment in which it is in neither', async () => {
      const source = await open();
      const writer = new BulkWriter(source);
      for (let i = 0; i < 6_000; i++) writer.put(ThingSchema, `old${i}`, thing(`old${i}`));
      await writer.flush();
      let least = Infinity;
      const watched = new BulkWriter(source, {
        mayWrite: async () => {
          least = Math.min(least, (await allThings(source)).length);
          return true;
        },
      });
      for (let i = 0; i < 6_000; i++) {
        watched.remove(ThingSchema, `old${i}`);
        watched.put(ThingSchema, `new${i}`, thing(`new${i}`));
      }
      await watched.flush();
      expect([least, (await allThings(source)).length]).toEqual([6_000, 6_000]);
    });

    it('carries out transactions that meet, whoever of them has to begin again', async () => {
      const source = await open();
      const writer = new BulkWriter(source);
      for (const id of ['a', 'b']) writer.put(ThingSchema, id, thing(id, { label: '' }));
      await writer.flush();
      let met = 0;
      const both = Promise.withResolvers<void>();
      const touch = (own: string, other: string): Promise<void> =>
        inTransaction(source, async (manager) => {
          const mark = (id: string) =>
            manager.query("UPDATE test_things SET label = 'touched', at_ms = COALESCE(at_ms, 0) + 1 WHERE id = ?", [
              id,
            ]);
          await mark(own);
          // Each holds its own row before it asks for the other's: the textbook's deadlock.
          if (++met === 2) both.resolve();
          if (isMysqlType(source.options.type) && met <= 2) await both.promise;
          await mark(other);
        });
      await Promise.all([touch('a', 'b'), touch('b', 'a')]);
      expect((await allThings(source)).map((row) => row.atMs)).toEqual([2, 2]);
      if (isMysqlType(source.options.type)) expect(met).toBeGreaterThan(2);
    });
  });
}

describe('a database url', () => {
  it('is shown without its password', () => {
    expect(safeUrl('mysql://tranche:s3cret@db:3306/offers')).toBe('mysql://tranche:********@db:3306/offers');
  });

  it('of a server that is away is waited for as long as was said', async () => {
    const reasons: string[] = [];
    const opening = openDatabase({
      ...things,
      url: 'mysql://root:s3cret@127.0.0.1:9/x',
      waitMs: 200,
      onWaiting: (reason) => reasons.push(reason),
    });
    await expect(opening).rejects.toMatchObject({ code: 'persistence/unavailable', retryable: true });
    expect(reasons.join()).toContain('cannot open mysql://root:********@127.0.0.1:9/x');
  });
});
