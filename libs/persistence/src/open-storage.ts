import type { Logger, Metrics } from '@tranche/telemetry';
import type { DataSource } from 'typeorm';
import { BulkWriter } from './bulk-writer.js';
import type { ServiceDatabase } from './connect.js';
import { withCredentials } from './connection.js';
import { measureQueries } from './measure-queries.js';
import { openDatabase } from './open-database.js';

/** Probes give up after a few seconds, and whoever asks services what they lack after two: they should hear the reason before. */
const PING_TIMEOUT_MS = 1_000;

/** The options that every service with a database has. */
export interface StorageConfig {
  readonly databaseUrl: string;
  readonly databaseUser?: string | undefined;
  readonly databasePassword?: string | undefined;
  readonly databaseMigrations: 'apply' | 'require';
  readonly databaseWaitMs: number;
}

/** What the process gives: a `ServiceHost` of messaging has it. */
export interface StorageHost {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** False once another process may own what is stored. Default: it may always. */
  readonly mayWrite?: () => Promise<boolean>;
}

/** A service's database, and the writer behind its memory. */
export interface ServiceStorage {
  readonly source: DataSource;
  readonly writer: BulkWriter;
  /**
   * For `/readyz`: true; usable but away, since when and why; or a text when changes are being lost, and the service should get no new work.
   */
  readonly state: true | string | { readonly usable: string };
  /** For the `/readyz` of a service that reads and writes at once, without the writer: asks the database whether it is there. */
  ping(): Promise<true | { readonly usable: string }>;
  /** What to put again when the database is back after changes were lost: everything that the memory holds. */
  onRewrite(rewrite: () => void): void;
  /** Writes what waits and closes. Never fails. */
  close(): Promise<void>;
}

/**
 * Opens what a service stores, with its log lines and metrics.
 *
 * @throws PersistenceError when it cannot be opened, or its schema is not one that this version works with
 */
export async function openStorage(
  database: ServiceDatabase,
  config: StorageConfig,
  { logger, metrics, mayWrite }: StorageHost,
): Promise<ServiceStorage> {
  const source = await openDatabase({
    ...database,
    url: withCredentials(config.databaseUrl, config.databaseUser, config.databasePassword),
    pending: config.databaseMigrations,
    waitMs: config.databaseWaitMs,
    onWaiting: (reason) => logger.warn('waiting for the database', { reason }),
  });
  countQueries(source, metrics);
  let rewrite = (): void => undefined;
  const writer = new BulkWriter(source, {
    onError: (error) =>
      logger.warn('the database takes nothing, will be tried again', { error, waiting: writer.backlog }),
    rewrite: () => rewrite(),
    ...(mayWrite === undefined ? {} : { mayWrite }),
  });
  const gaugeOf = (name: string, help: string, value: () => number): void => {
    const gauge: { set(value: number): void } = metrics.gauge(name, help, [], () => gauge.set(value()));
  };
  gaugeOf('tranche_db_changes_waiting', 'Changes that are not in the database yet', () => writer.backlog);
  gaugeOf('tranche_db_changes_lost', 'Changes that found no room while the database is away', () => writer.lost);
  return {
    source,
    writer,
    get state() {
      const { state } = writer;
      return state === true || writer.lost > 0 ? state : { usable: state };
    },
    ping: async () => {
      const late = new Promise<never>((_resolve, reject) => {
        setTimeout(() => reject(new Error(`no answer within ${PING_TIMEOUT_MS} ms`)), PING_TIMEOUT_MS).unref();
      });
      try {
        await Promise.race([source.query('SELECT 1'), late]);
        return true;
      } catch (error) {
        return { usable: `cannot be asked: ${error instanceof Error ? error.message : String(error)}` };
      }
    },
    onRewrite: (next) => {
      rewrite = next;
    },
    close: async () => {
      await writer.close();
      if (source.isInitialized) await source.destroy();
    },
  };
}

function countQueries(source: DataSource, metrics: Metrics): void {
  const queries = metrics.counter('tranche_db_queries_total', 'Statements that the database was asked to run', [
    'operation',
    'outcome',
  ]);
  const durations = metrics.histogram(
    'tranche_db_query_duration_seconds',
    'Time of one statement, waiting for a connection included',
    ['operation'],
  );
  measureQueries(source, ({ operation, durationMs, ok }) => {
    queries.inc({ operation, outcome: ok ? 'ok' : 'failed' });
    durations.observe({ operation }, durationMs / 1_000);
  });
}
