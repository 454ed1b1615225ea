import { connect as connectBroker } from 'amqplib';
import { connect, isMysqlUrl, PersistenceError, safeUrl } from '@tranche/persistence';
import { LocalStartError } from '../local.errors.js';

/** Brokers and databases answer a first connection in far less. */
const BROKER_TIMEOUT_MS = 5_000;

/** Asks a broker what it is. @returns `RabbitMQ 3.10.8 amqp://…` @throws LocalStartError when it cannot be used */
export async function describeBroker(url: string): Promise<string> {
  try {
    const connection = await connectBroker(url, { timeout: BROKER_TIMEOUT_MS });
    const { product, version } = connection.connection.serverProperties;
    await connection.close();
    return `${product} ${version} ${safeUrl(url)}`;
  } catch (cause) {
    throw new LocalStartError(
      'local/part-failed',
      `cannot use the broker ${safeUrl(url)}: ${reasonOf(cause)}`,
      ['is it running, and are user, password and vhost right?      none at all: npm start'],
      { cause },
    );
  }
}

/** Asks a database what it is. @returns `MariaDB 10.11.6 mysql://…` or `SQLite …` @throws LocalStartError when it cannot be used */
export async function describeDatabase(url: string): Promise<string> {
  if (!isMysqlUrl(url)) return `SQLite ${url.replace(/^sqlite:/, '')}`;
  try {
    const source = await connect({ url, service: 'local', entities: [], migrations: [] });
    const [row] = (await source.query('SELECT VERSION() AS version')) as { version: string }[];
    await source.destroy();
    const version = row?.version ?? '';
    const product = /mariadb/i.test(version) ? 'MariaDB' : 'MySQL';
    return `${product} ${/^[\d.]+/.exec(version)?.[0] ?? version} ${safeUrl(url)}`;
  } catch (cause) {
    if (!(cause instanceof PersistenceError)) throw cause;
    throw new LocalStartError(
      'local/part-failed',
      cause.message,
      ['is it running, and are user, password and schema right?      none at all: npm start'],
      { cause },
    );
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(reasonOf))].join(', ');
  return error instanceof Error ? error.message : String(error);
}
