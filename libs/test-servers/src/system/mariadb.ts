import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DatabaseServer } from '../database-server.js';
import { serverEnvironment } from '../test-servers.config.js';
import { programPath } from './find-program.js';
import { freePorts } from './free-port.js';
import { ServerFolder } from './server-folder.js';
import { ServerProcess } from './server-process.js';
import { untilLine } from './until-line.js';

export const MARIADB_PROGRAMS = ['mariadbd', 'mariadb-install-db'] as const;

const START_TIMEOUT_MS = 60_000;
const run = promisify(execFile);

/** Starts an installed MariaDB on a free port of 127.0.0.1, with its data in a temporary folder. */
export async function startSystemMariaDb(): Promise<DatabaseServer> {
  const [port = 0] = await freePorts(1);
  const folder = new ServerFolder('mariadb');
  const at = (name: string): string => join(folder.path, name);
  mkdirSync(at('data'));
  const settings = [
    '[mariadbd]',
    `user=${userInfo().username}`,
    `datadir=${at('data')}`,
    `socket=${at('socket')}`,
    `pid-file=${at('mariadbd.pid')}`,
    `port=${port}`,
    'bind-address=127.0.0.1',
    'skip-name-resolve',
    'skip-log-bin',
    'character-set-server=utf8mb4',
    'innodb-buffer-pool-size=64M',
    // What is committed survives the kill of the server, as tests of faults want; not a crash of the machine, which no test outlives.
    'innodb-flush-log-at-trx-commit=2',
    '',
  ];
  writeFileSync(at('my.cnf'), settings.join('\n'));
  const env = serverEnvironment({ HOME: folder.path });
  try {
    await run(
      programPath('mariadb-install-db'),
      [`--defaults-file=${at('my.cnf')}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
      { env },
    );
    const server = await ServerProcess.start(async () => {
      const child = folder.start(programPath('mariadbd'), [`--defaults-file=${at('my.cnf')}`], env);
      await untilLine(child, 'MariaDB', /ready for connections/, START_TIMEOUT_MS);
      return child;
    });
    return { url: `mysql://root@127.0.0.1:${port}`, process: server, stop: () => folder.remove() };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
