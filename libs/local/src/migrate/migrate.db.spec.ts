import { connect, notAdditive, openDatabase, schemaDrift, schemaShape } from '@tranche/persistence';
import { testDatabases } from '@tranche/test-servers';
import { beforeEach, describe, expect, it } from 'vitest';
import { runMigrate } from './run-migrate.js';
import { serviceDatabases } from './service-databases.js';

for (const database of testDatabases()) {
  describe.skipIf(database.missing)(`schemas on ${database.name}`, () => {
    let url: string;
    beforeEach(async () => {
      url = await database.freshUrl();
    });

    const migrate = async (...args: string[]): Promise<{ code: number; lines: string[] }> => {
      const lines: string[] = [];
      const say = (line: string): void => void lines.push(line);
      const code = await runMigrate(args, { databaseUrl: url, out: say, err: say });
      return { code, lines };
    };

    for (const { service, entities, migrations } of serviceDatabases) {
      const own = { service, entities, migrations, url: '' };

      it(`of ${service} are what its entities describe`, async () => {
        const source = await openDatabase({ ...own, url });
        expect(await schemaDrift(source)).toEqual([]);
        await source.destroy();
      });

      it(`of ${service} only gain from migration to migration, unless it is called Contract…`, async () => {
        for (let count = 1; count <= migrations.length; count++) {
          const next = migrations[count - 1];
          const source = await connect({ ...own, url, migrations: migrations.slice(0, count) });
          const before = await schemaShape(source, own);
          await source.runMigrations();
          const faults = notAdditive(before, await schemaShape(source, own));
          if (!next?.name.startsWith('Contract')) expect([next?.name, ...faults]).toEqual([next?.name]);
          await source.destroy();
        }
      });

      it(`of ${service} go back to nothing, and forward again`, async () => {
        expect((await migrate('--service', service)).code).toBe(0);
        const back = await migrate('--service', service, '--down', String(migrations.length));
        expect(back.lines.slice(1)).toEqual(migrations.toReversed().map(({ name }) => `  ↩ ${name}`));
        const source = await connect({ ...own, url });
        expect([...(await schemaShape(source, own)).keys()]).toEqual([`${service}_migrations`]);
        await source.destroy();
        expect((await migrate('--service', service)).lines.slice(1)).toEqual(
          migrations.map(({ name }) => `  ✔ ${name}`),
        );
      });
    }

    it('of all services are brought up to date by one command, each beside the others', async () => {
      expect((await migrate('--status')).code).toBe(1);
      expect((await migrate()).code).toBe(0);
      const { code, lines } = await migrate('--status');
      expect([code, lines.filter((line) => line.includes('pending'))]).toEqual([0, []]);
      expect((await migrate()).lines.filter((line) => line.includes('nothing'))).toHaveLength(serviceDatabases.length);
    });
  });
}

describe('npm run migrate', () => {
  it('names what is wrong with its arguments, and the nearest right one', async () => {
    const lines: string[] = [];
    const io = { databaseUrl: 'sqlite::memory:', out: () => undefined, err: (line: string) => void lines.push(line) };
    expect(await runMigrate(['--service', 'offer'], io)).toBe(2);
    expect(lines.join('\n')).toContain('did you mean offers?');
    expect(await runMigrate(['--status', '--down', '1'], io)).toBe(2);
    expect(await runMigrate([], { ...io, databaseUrl: undefined })).toBe(2);
  });
});
