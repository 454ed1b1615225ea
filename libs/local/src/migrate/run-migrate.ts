import { nearest } from '@tranche/config';
import {
  applyMigrations,
  connect,
  migrationStatus,
  PersistenceError,
  revertMigrations,
  safeUrl,
  schemaUrl,
  type ServiceDatabase,
} from '@tranche/persistence';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { serviceDatabases } from './service-databases.js';

interface MigrateFlags {
  readonly service: string | undefined;
  readonly status: boolean;
  readonly down: number | undefined;
  readonly database: string | undefined;
}

export interface MigrateIo {
  readonly databaseUrl: string | undefined;
  out(line: string): void;
  err(line: string): void;
}

const WAIT_MS = 60_000;

/**
 * Brings schemas forward or back, or says where they stand.
 *
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage; with `--status` 1 when something is pending
 */
export async function runMigrate(args: readonly string[], io: MigrateIo): Promise<number> {
  const flags = parse(args, io);
  if (typeof flags === 'number') return flags;
  const url = flags.database ?? io.databaseUrl;
  if (url === undefined) {
    io.err('error: no database: set DATABASE_URL (or DATABASE_URL_FILE), or give --database URL');
    return 2;
  }
  const chosen = serviceDatabases.filter(({ service }) => flags.service === undefined || service === flags.service);
  let pending = 0;
  for (const database of chosen) {
    // One url for all: each service has its own schema beside it. With --service it is that service's own.
    const own = flags.service === undefined ? schemaUrl(url, database.service) : url;
    try {
      pending += await migrateOne(database, own, flags, io);
    } catch (error) {
      if (!(error instanceof PersistenceError)) throw error;
      io.err(`error: ${database.service}: ${error.message}`);
      return 1;
    }
  }
  return flags.status && pending > 0 ? 1 : 0;
}

/** @returns how many are pending when only the status was asked for */
async function migrateOne(database: ServiceDatabase, url: string, flags: MigrateFlags, io: MigrateIo): Promise<number> {
  const onWaiting = (reason: string): void => io.err(`waiting: ${reason}`);
  const source = await connect({ ...database, url, waitMs: WAIT_MS, onWaiting });
  try {
    io.out(`${database.service}  ${safeUrl(url)}`);
    if (flags.status) {
      const { applied, pending, unknown } = await migrationStatus(source, database);
      for (const name of applied) io.out(`  ✔ ${name}`);
      for (const name of unknown) io.out(`  ✔ ${name} (of a newer version)`);
      for (const name of pending) io.out(`  · ${name} pending`);
      return pending.length;
    }
    const isBack = flags.down !== undefined;
    const done = isBack
      ? await revertMigrations(source, database, flags.down ?? 0)
      : await applyMigrations(source, database);
    for (const name of done) io.out(`  ${isBack ? '↩' : '✔'} ${name}`);
    if (done.length === 0) io.out(`  nothing to ${isBack ? 'take back' : 'apply'}`);
    return 0;
  } finally {
    await source.destroy();
  }
}

function parse(args: readonly string[], io: MigrateIo): MigrateFlags | number {
  const names = serviceDatabases.map(({ service }) => service);
  const service = (text: string): string => {
    if (names.includes(text)) return text;
    const near = nearest(text, names);
    throw new InvalidArgumentError(
      `${text} has no database; those that do: ${names.join(', ')}${near === undefined ? '' : ` (did you mean ${near}?)`}`,
    );
  };
  const count = (text: string): number => {
    if (/^[1-9]\d*$/.test(text)) return Number(text);
    throw new InvalidArgumentError(`${text} is no whole number from 1`);
  };
  const command = new Command('npm run migrate --')
    .description('Applies the pending migrations of every service, or of one.')
    .option('--service <name>', 'only this one; the url is then its own schema', service)
    .option('--status', 'only say what is applied and what is pending; exit 1 when something is', false)
    .option('--down <n>', 'take back the newest n of each', count)
    .option('--database <url>', 'instead of DATABASE_URL; without --service, MySQL schemas are URL_<service>')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.err(text.trimEnd()) });
  try {
    command.parse([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const flags = command.opts<MigrateFlags>();
  if (!flags.status || flags.down === undefined) return flags;
  io.err('error: --status and --down exclude each other');
  return 2;
}
