import { testDatabases } from '@tranche/test-servers';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../open-database.js';
import { revertMigrations } from '../migrations.js';
import { schemaDrift } from '../schema-drift.js';
import { TypeormRequestStore } from './request-store.typeorm.js';
import { CreateRequestTables, entitiesOf, requestTables } from './request-tables.js';

class CreateRequests1764000000001 extends CreateRequestTables {
  readonly name = 'CreateRequests1764000000001';
  protected readonly service = 'test';
}

const tables = requestTables('test');
const database = { service: 'test', entities: entitiesOf(tables), migrations: [CreateRequests1764000000001] };
const HOUR_MS = 3_600_000;
const answer = (body: string, atMs = 0) => ({
  ...{ status: 202, headers: { location: '/v1/x', etag: '"é😀"' }, body, asked: 'digest', atMs },
});

for (const server of testDatabases()) {
  describe.skipIf(server.missing)(`what is remembered of requests on ${server.name}`, () => {
    let source: DataSource;
    beforeEach(async () => {
      source = await openDatabase({ ...database, url: await server.freshUrl() });
    });
    afterEach(() => source.destroy());

    it('has the tables that its entities describe, and gives them back', async () => {
      expect(await schemaDrift(source)).toEqual([]);
      expect(await revertMigrations(source, database, 1)).toEqual(['CreateRequests1764000000001']);
    });

    it('is there for who opens the database again, each key and each partition for itself', async () => {
      const store = new TypeormRequestStore(source, tables);
      const long = 'x'.repeat(200_000);
      await store.keepAnswer('k', answer(long));
      await store.keepAnswer('K', answer('other'));
      await store.keepAnswer('again', answer('first'));
      await store.keepAnswer('again', answer('second', 5));
      const later = new TypeormRequestStore(source, tables);
      expect(await later.answer('k')).toEqual(answer(long));
      expect((await later.answer('K'))?.body).toBe('other');
      expect(await later.answer('again')).toEqual(answer('second', 5));
      expect(await new TypeormRequestStore(source, tables, { partition: 1 }).answer('k')).toBeUndefined();
      const resource = `/v1/weights/${'r'.repeat(400)}`;
      await store.noteChange(resource, { by: 'ops', atMs: 1, what: 'PUT', etag: '"a"' });
      await store.noteChange(resource, { atMs: 2, what: 'DELETE' });
      expect(await later.change(resource)).toEqual({ atMs: 2, what: 'DELETE' });
      expect(await later.change('/v1/weights/r')).toBeUndefined();
    });

    it('goes after its time, answers after a day', async () => {
      const store = new TypeormRequestStore(source, tables);
      await store.keepAnswer('old', answer('old', 0));
      await store.keepAnswer('new', answer('new', HOUR_MS));
      await store.noteChange('/v1/agents/a', { atMs: 0, what: 'POST' });
      await store.expire(24 * HOUR_MS + 1);
      expect([await store.answer('old'), (await store.answer('new'))?.body]).toEqual([undefined, 'new']);
      expect(await store.change('/v1/agents/a')).toBeDefined();
      await store.expire(31 * 24 * HOUR_MS);
      expect(await store.change('/v1/agents/a')).toBeUndefined();
    });

    it('is bounded: the oldest go before their time', async () => {
      const store = new TypeormRequestStore(source, tables, { maxRows: 10 });
      for (let i = 0; i < 25; i++) await store.keepAnswer(`k${i}`, answer('', 1_000 + i));
      await store.expire(2_000);
      const kept = await Promise.all(Array.from({ length: 25 }, (_, i) => store.answer(`k${i}`)));
      expect(kept.map((one) => one?.atMs).filter((atMs) => atMs !== undefined)).toEqual(
        Array.from({ length: 10 }, (_, i) => 1_015 + i),
      );
    });
  });
}
