import { openDatabase, schemaDrift } from '@tranche/persistence';
import { testDatabases } from '@tranche/test-servers';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quotaDatabase } from './quota.database.js';
import { TypeormRoleConfigStore } from './role-config-store.typeorm.js';

for (const database of testDatabases())
  describe.skipIf(database.missing)(`TypeormRoleConfigStore on ${database.name}`, () => {
    let source: DataSource;
    let store: TypeormRoleConfigStore;

    beforeEach(async () => {
      source = await openDatabase({ ...quotaDatabase, url: await database.freshUrl() });
      store = new TypeormRoleConfigStore(source);
    });
    afterEach(() => source.destroy());

    it('has after its migrations exactly the schema of its entities', async () => {
      expect(await schemaDrift(source)).toEqual([]);
    });

    it('gives back what was saved, without what was not set', async () => {
      const roles = [
        { name: 'a', weight: 0.1 },
        { name: 'b', guaranteesMilli: { cpus: 1_500 }, limitsMilli: { cpus: 0 } },
      ];
      await store.save(roles);
      expect(await store.load()).toEqual(roles);
    });

    it('replaces a role, and forgets one of which nothing is set', async () => {
      await store.save([
        { name: 'a', weight: 2 },
        { name: 'b', weight: 3 },
      ]);
      await store.save([{ name: 'a', weight: 4 }, { name: 'b' }]);
      expect(await store.load()).toEqual([{ name: 'a', weight: 4 }]);
    });

    it('keeps roles apart that differ in case alone', async () => {
      const roles = [
        { name: 'Dev', weight: 2 },
        { name: 'dev', weight: 3 },
      ];
      await store.save(roles);
      expect((await store.load()).toSorted((a, b) => (a.weight ?? 1) - (b.weight ?? 1))).toEqual(roles);
    });

    it('says when the database does not take it, and does not write it later', async () => {
      await source.query('ALTER TABLE quota_roles RENAME TO away');
      await expect(store.save([{ name: 'a', weight: 2 }])).rejects.toMatchObject({ code: 'persistence/write-failed' });
      await source.query('ALTER TABLE away RENAME TO quota_roles');
      await store.save([{ name: 'b', weight: 2 }]);
      expect(await store.load()).toEqual([{ name: 'b', weight: 2 }]);
    });
  });
