import { checkNode } from '@tranche/config';
import { readDatabaseUrl } from './migrate.config.js';

checkNode(process.versions.node);
const { runMigrate } = await import('./run-migrate.js');
process.exitCode = await runMigrate(process.argv.slice(2), {
  databaseUrl: readDatabaseUrl(),
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
});
