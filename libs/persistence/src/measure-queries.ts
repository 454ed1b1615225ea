import type { DataSource, QueryRunner } from 'typeorm';

/** What statements are counted as. */
export const DB_OPERATIONS = ['select', 'insert', 'update', 'delete', 'begin', 'commit', 'rollback', 'other'] as const;
export type DbOperation = (typeof DB_OPERATIONS)[number];

export interface MeasuredQuery {
  readonly operation: DbOperation;
  /** As the one who asked waited: for a connection, too. */
  readonly durationMs: number;
  readonly ok: boolean;
}

type RunQuery = (statement: string, parameters?: unknown[], useStructuredResult?: boolean) => Promise<unknown>;

/**
 * Tells of every statement that this source runs from now on, whoever asks: repositories, query builders, transactions with their beginning
 * and end. Here is the one place that all of them come by; TypeORM's own events leave out what found no connection.
 */
export function measureQueries(source: DataSource, onQuery: (query: MeasuredQuery) => void): void {
  const create = source.createQueryRunner.bind(source);
  // On SQLite there is one runner, which is given out again and again.
  const measured = new WeakSet<QueryRunner>();
  source.createQueryRunner = (mode) => {
    const runner = create(mode);
    if (measured.has(runner)) return runner;
    measured.add(runner);
    const run = runner.query.bind(runner) as RunQuery;
    const query: RunQuery = async (statement, ...more) => {
      const startMs = performance.now();
      const told = (ok: boolean): void =>
        onQuery({ operation: operationOf(statement), durationMs: performance.now() - startMs, ok });
      try {
        const result = await run(statement, ...more);
        told(true);
        return result;
      } catch (error) {
        told(false);
        throw error;
      }
    };
    runner.query = query as QueryRunner['query'];
    return runner;
  };
}

const BY_VERB: Readonly<Record<string, DbOperation>> = {
  ...Object.fromEntries(DB_OPERATIONS.map((operation) => [operation, operation])),
  with: 'select',
  replace: 'insert',
  start: 'begin',
};

/** @param statement SQL, as TypeORM or we write it */
export function operationOf(statement: string): DbOperation {
  const verb = /[a-z]+/i.exec(statement)?.[0].toLowerCase() ?? '';
  return BY_VERB[verb] ?? 'other';
}
