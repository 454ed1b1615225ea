import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { measureQueries, operationOf } from './measure-queries.js';
import { thing, ThingSchema } from './things.fakes.js';

describe('operationOf', () => {
  it.each([
    ['SELECT `a` FROM `b`', 'select'],
    ['  (SELECT 1) UNION (SELECT 2)', 'select'],
    ['WITH x AS (SELECT 1) SELECT * FROM x', 'select'],
    ['INSERT INTO a VALUES (1)', 'insert'],
    ['REPLACE INTO a VALUES (1)', 'insert'],
    ['update a set b = 1', 'update'],
    ['DELETE FROM a', 'delete'],
    ['START TRANSACTION', 'begin'],
    ['BEGIN TRANSACTION', 'begin'],
    ['COMMIT', 'commit'],
    ['ROLLBACK', 'rollback'],
    ['SET TRANSACTION ISOLATION LEVEL READ COMMITTED', 'other'],
    ['', 'other'],
  ])('takes %s for %s', (statement, operation) => {
    expect(operationOf(statement)).toBe(operation);
  });
});

describe('measureQueries', () => {
  let source: DataSource;
  let told: string[];
  beforeEach(async () => {
    source = new DataSource({
      type: 'better-sqlite3',
      database: ':memory:',
      entities: [ThingSchema],
      synchronize: true,
    });
    await source.initialize();
    told = [];
    measureQueries(source, ({ operation, ok, durationMs }) => {
      expect(durationMs).toBeGreaterThanOrEqual(0);
      told.push(ok ? operation : `${operation} failed`);
    });
  });
  afterEach(() => source.destroy());

  it('tells of what repositories, query builders and transactions run, each once', async () => {
    await source.transaction((manager) => manager.insert(ThingSchema, thing('a')));
    await source.getRepository(ThingSchema).findOneBy({ id: 'a' });
    await source.getRepository(ThingSchema).createQueryBuilder('t').getMany();
    await source.query('DELETE FROM test_things');
    expect(told).toEqual(['begin', 'insert', 'commit', 'select', 'select', 'delete']);
  });

  it('tells of what failed, and passes the error on', async () => {
    await expect(source.query('SELECT 1 FROM nowhere')).rejects.toThrow('nowhere');
    expect(told).toEqual(['select failed']);
  });
});
