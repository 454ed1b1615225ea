import { resolve } from 'node:path';
import { packageVersion } from '@tranche/http';
import { localDown } from './commands/local-down.js';
import { localStatus } from './commands/local-status.js';
import { readCredentials } from './credentials.js';
import { type DataFolder, openDataFolder } from './data-folder.js';
import { explainStartError } from './explain-start-error.js';
import { DEFAULT_PORT, type LocalFlags, parseFlags } from './flags.js';
import { resetDatabases } from './migrate/reset-databases.js';
import { Progress } from './progress.js';
import { startInProcess } from './run-in-process.js';
import { startWithProcesses } from './processes/run-processes.js';
import { checkItself, type StartedCluster } from './start-report.js';

const VERSION = packageVersion(import.meta.url);

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  up: runUp,
  status: localStatus,
  down: localDown,
  reset: (args) => runUp(['--reset', ...args]),
};

/** `up` (also without its name), `reset`, which begins afresh, `status` or `down` of this machine's cluster. @returns the exit code */
export function runLocal(args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return command === undefined ? runUp(args) : command(rest);
}

/** Runs the local cluster until it is stopped. @returns the exit code: 0 stopped, 1 could not start, 2 wrong usage */
async function runUp(args: readonly string[]): Promise<number> {
  const parsed = parseFlags(args, VERSION);
  if (!parsed.ok) {
    (parsed.exitCode === 0 ? process.stdout : process.stderr).write(`${parsed.text}\n`);
    return parsed.exitCode;
  }
  const { flags } = parsed;
  const progress = new Progress(flags.quiet ? { write: () => undefined } : process.stdout, process.stdout.isTTY);
  let folder: DataFolder | undefined;
  let cluster: StartedCluster | undefined;
  let part = 'data';
  const entering = (next: string): void => {
    part = next;
  };
  try {
    progress.title(`Tranche ${VERSION} · local cluster`);
    const credentials = readCredentials(flags);
    folder = await openDataFolder(resolve(flags.data), VERSION, flags.reset);
    if (flags.reset && flags.database !== undefined) {
      entering('database');
      await resetDatabases(flags.database);
    }
    entering(flags.processes ? 'broker' : 'services');
    const start = flags.processes ? startWithProcesses : startInProcess;
    cluster = await start(flags, folder, progress, entering);
    entering('self-check');
    await checkItself(cluster, credentials, progress);
    progress.line(`Ready in ${(performance.now() / 1000).toFixed(1)} s`);
    printUses(progress, cluster.url, flags);
    return await cluster.serve();
  } catch (error) {
    progress.failed(part);
    // Tasks of the cluster's last life are none of this one's business: they run on, and are found again.
    await cluster?.abandon();
    const explained = explainStartError(error, part);
    process.stderr.write(explained.text);
    return explained.exitCode;
  } finally {
    await folder?.unlock();
  }
}

function printUses(progress: Progress, url: string, { port }: LocalFlags): void {
  const tranche = port === DEFAULT_PORT ? 'npx tranche' : `npx tranche -u ${url}`;
  progress.line(`State       ${url}/state`);
  progress.line(`Mesos API   ${url}/api/v1/scheduler`);
  progress.line(`Try         ${tranche} run --name hello -- 'for i in 1 2 3; do echo hello $i; sleep 1; done'`);
  progress.line(`            ${tranche} status`);
  progress.line('Stop        Ctrl-C   tasks are stopped, state is kept; `npm start -- --reset` begins afresh');
}
