import { resolve } from 'node:path';
import { packageVersion } from '@tranche/http';
import { countMigrations, safeUrl } from '@tranche/persistence';
import { createLogger, type Logger } from '@tranche/telemetry';
import { describeResources } from './amounts.js';
import { type DataFolder, openDataFolder } from './data-folder.js';
import { explainStartError } from './explain-start-error.js';
import { DEFAULT_PORT, type LocalFlags, parseFlags } from './flags.js';
import { Progress } from './progress.js';
import { PulseMeter } from './pulse.js';
import { selfCheck } from './self-check.js';
import { type LocalCluster, startCluster } from './start-cluster.js';
import { StatusLine } from './status-line.js';
import { untilStopped } from './until-stopped.js';

const VERSION = packageVersion(import.meta.url);

/** Runs the local cluster until it is stopped. @returns the exit code: 0 stopped, 1 could not start, 2 wrong usage */
export async function runLocal(args: readonly string[]): Promise<number> {
  const parsed = parseFlags(args, VERSION);
  if (!parsed.ok) {
    (parsed.exitCode === 0 ? process.stdout : process.stderr).write(`${parsed.text}\n`);
    return parsed.exitCode;
  }
  const { flags } = parsed;
  const progress = new Progress(flags.quiet ? { write: () => undefined } : process.stdout, process.stdout.isTTY);
  let folder: DataFolder | undefined;
  let cluster: LocalCluster | undefined;
  let part = 'data';
  try {
    progress.title(`Tranche ${VERSION} · local cluster`);
    folder = await openDataFolder(resolve(flags.data), VERSION, flags.reset);
    part = 'services';
    cluster = await startParts(flags, folder, progress, (next) => {
      part = next;
    });
    part = 'self-check';
    await checkItself(cluster, progress);
    progress.line(`Ready in ${(performance.now() / 1000).toFixed(1)} s`);
    printUses(progress, cluster, flags.port);
    return await serve(cluster, flags);
  } catch (error) {
    progress.failed(part);
    // Tasks of the cluster's last life are none of this one's business: they run on, and are found again.
    await cluster?.stop({ killTasks: false });
    const explained = explainStartError(error, part);
    process.stderr.write(explained.text);
    return explained.exitCode;
  } finally {
    await folder?.unlock();
  }
}

/** @throws SelfCheckError */
async function checkItself(cluster: LocalCluster, progress: Progress): Promise<void> {
  const checked = await selfCheck(cluster.url, () => performance.now());
  if (checked.kind === 'no-room') {
    progress.skipped('self-check', 'not run: what runs or is offered leaves no room for its task');
    return;
  }
  const how = isolated(cluster) ? 'in a container' : 'as a plain process';
  const [finished, running] = [checked.acceptToFinishedMs, checked.acceptToRunningMs].map(Math.round);
  progress.up(
    'self-check',
    `a task ran ${how} through the whole cycle in ${finished} ms (running after ${running} ms)`,
  );
}

async function startParts(
  flags: LocalFlags,
  folder: DataFolder,
  progress: Progress,
  entering: (part: string) => void,
): Promise<LocalCluster> {
  const cluster = await startCluster({
    flags,
    folder,
    logger: (service) => serviceLogger(service),
    onServices: async () => {
      progress.up('broker', 'in process');
      progress.up('database', await databaseLine(flags, folder));
      progress.up('services', 'registry  allocator  offers  quota');
      entering('agents');
    },
  });
  const [first] = cluster.agents;
  if (first !== undefined) {
    const amounts = describeResources(first.resources);
    progress.up('agents', `${cluster.agents.length} × ${amounts}      containers: ${first.containers}`);
  }
  return cluster;
}

async function databaseLine(flags: LocalFlags, folder: DataFolder): Promise<string> {
  const url = flags.database ?? `sqlite:${folder.databaseFile}`;
  const name = flags.database === undefined ? `SQLite ${flags.data}/tranche.db` : safeUrl(flags.database);
  return `${name}, ${await countMigrations(url)} migrations`;
}

const isolated = (cluster: LocalCluster): boolean => !cluster.agents[0]?.containers.startsWith('plain processes');

/** Errors and warnings show on the terminal; all else is in the metrics and the state. */
function serviceLogger(service: string): Logger {
  return process.stdout.isTTY
    ? createLogger({ service, level: 'error', format: 'pretty' })
    : createLogger({ service, level: 'warn', format: 'json' });
}

function printUses(progress: Progress, { url }: LocalCluster, port: number): void {
  const tranche = port === DEFAULT_PORT ? 'npx tranche' : `npx tranche -u ${url}`;
  progress.line(`State       ${url}/state`);
  progress.line(`Mesos API   ${url}/api/v1/scheduler`);
  progress.line(`Try         ${tranche} run --name hello -- 'for i in 1 2 3; do echo hello $i; sleep 1; done'`);
  progress.line(`            ${tranche} status`);
  progress.line('Stop        Ctrl-C   tasks are stopped, state is kept; `npm start -- --reset` begins afresh');
}

/** @returns the exit code when the cluster has been stopped, or one of its agents has given up */
async function serve(cluster: LocalCluster, flags: LocalFlags): Promise<number> {
  const meter = new PulseMeter(cluster.broker);
  const line = process.stdout.isTTY && !flags.quiet ? new StatusLine(process.stdout, () => meter.current) : undefined;
  line?.start();
  const ended = await untilStopped(cluster);
  line?.stop();
  if (ended.kind === 'agent-ended') {
    process.stderr.write(`error: an agent has stopped: ${ended.reason}\n`);
    await cluster.stop({ killTasks: false });
    return 1;
  }
  const forget = ended.onSecond(() => process.exit(130));
  await cluster.stop({ killTasks: true });
  forget();
  return 0;
}
