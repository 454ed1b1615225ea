import type { RunningAgent } from '@tranche/agent';
import { countMigrations, safeUrl, schemaUrl } from '@tranche/persistence';
import { createLogger, type Logger } from '@tranche/telemetry';
import { describeResources } from './amounts.js';
import type { DataFolder } from './data-folder.js';
import type { LocalFlags } from './flags.js';
import type { MemberChange } from './in-process/member-agent.js';
import type { Progress } from './progress.js';
import { alsoToFile } from './telemetry/also-to-file.js';
import { PulseMeter } from './pulse.js';
import { removeRunning, writeRunning } from './processes/cluster-file.js';
import { ASK_AGAIN_MS, type LocalCluster, startCluster } from './start-cluster.js';
import type { StartedCluster } from './start-report.js';
import { CLEAR_LINE, StatusLine } from './status-line.js';
import { untilStopped } from './until-stopped.js';

/** Starts all services and agents in this process. @throws whatever keeps a part from starting */
export async function startInProcess(
  flags: LocalFlags,
  folder: DataFolder,
  progress: Progress,
  entering: (part: string) => void,
): Promise<StartedCluster> {
  const cluster = await startParts(flags, folder, progress, entering);
  writeRunning(folder.path, { pid: process.pid, url: cluster.url, processes: [] });
  return {
    url: cluster.url,
    isIsolated: isolated(cluster),
    serve: () => serve(cluster, flags).finally(() => removeRunning(folder.path)),
    abandon: () => cluster.stop({ killTasks: false }).finally(() => removeRunning(folder.path)),
  };
}

async function startParts(
  flags: LocalFlags,
  folder: DataFolder,
  progress: Progress,
  entering: (part: string) => void,
): Promise<LocalCluster> {
  let isReady = false;
  const cluster = await startCluster({
    flags,
    folder,
    onAgent: (name, change) => {
      if (isReady) report(name, change, progress);
    },
    logger: (service) =>
      service === 'registry' || service.startsWith('agent')
        ? alsoToFile(serviceLogger(service), service, folder.logFile(service))
        : serviceLogger(service),
    onServices: async () => {
      progress.up('broker', 'in process');
      progress.up('database', await databaseLine(flags, folder));
      progress.up('services', 'registry  allocator  offers  quota');
      entering('agents');
    },
  });
  isReady = true;
  const taken = runningOf(cluster);
  const [first] = taken;
  if (first !== undefined) {
    const amounts = describeResources(first.resources);
    progress.up('agents', `${taken.length} × ${amounts}      containers: ${first.containers}`);
  }
  for (const [i, { refusal }] of cluster.agents.entries())
    if (refusal !== undefined) progress.ended(`agent${i + 1}`, `refused: ${refusal}`);
  return cluster;
}

async function databaseLine(flags: LocalFlags, folder: DataFolder): Promise<string> {
  const url = flags.database ?? `sqlite:${folder.databaseFile}`;
  const name = flags.database === undefined ? `SQLite ${flags.data}/tranche.db` : safeUrl(flags.database);
  const urls = new Set(['registry', 'offers', 'quota'].map((service) => schemaUrl(url, service)));
  const counts = await Promise.all([...urls].map((one) => countMigrations(one)));
  return `${name}, ${counts.reduce((sum, count) => sum + count, 0)} migrations`;
}

const runningOf = ({ agents }: LocalCluster): RunningAgent[] =>
  agents.map(({ running }) => running).filter((running) => running !== undefined);

const isolated = (cluster: LocalCluster): boolean => !runningOf(cluster)[0]?.containers.startsWith('plain processes');

function report(name: string, change: MemberChange, progress: Progress): void {
  if (process.stdout.isTTY) process.stdout.write(CLEAR_LINE);
  if (change.kind === 'back') progress.up(name, 'is taken again');
  else progress.ended(name, `refused: ${change.reason}, asks again each ${ASK_AGAIN_MS / 1_000} s`);
}

/** Errors and warnings show on the terminal; all else is in the metrics and the state. */
function serviceLogger(service: string): Logger {
  return process.stdout.isTTY
    ? createLogger({ service, level: 'error', format: 'pretty' })
    : createLogger({ service, level: 'warn', format: 'json' });
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
