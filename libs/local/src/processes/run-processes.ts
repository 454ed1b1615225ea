import { countMigrations } from '@tranche/persistence';
import { Resources } from '@tranche/resources';
import { describeResources } from '../amounts.js';
import type { DataFolder } from '../data-folder.js';
import type { LocalFlags } from '../flags.js';
import type { Progress } from '../progress.js';
import type { StartedCluster } from '../start-report.js';
import { describeBroker, describeDatabase } from './check-dependencies.js';
import { removeRunning } from './cluster-file.js';
import type { ManagedProcess, ProcessChange } from './managed-process.js';
import type { ServiceReplicas } from './service-replicas.js';
import { databaseOf, type ProcessCluster, startProcesses } from './start-processes.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Starts each service and agent in a process of its own, over a broker and a database that are there. */
export async function startWithProcesses(
  flags: LocalFlags,
  folder: DataFolder,
  progress: Progress,
  entering: (part: string) => void,
): Promise<StartedCluster> {
  progress.up('broker', await describeBroker(flags.broker));
  entering('database');
  const database = flags.database === undefined ? `SQLite ${flags.data}/*.db` : await describeDatabase(flags.database);
  entering('services');
  const givenUp = Promise.withResolvers<string>();
  let isReady = false;
  const cluster = await startProcesses({
    flags,
    folder,
    onChange: (change) => {
      if (!isReady) return;
      report(change, progress);
      if (change.kind === 'ended' && change.againInMs === undefined)
        givenUp.resolve(`${change.process.name} ends again and again (${change.how}): ${change.process.facts.logFile}`);
    },
    onServices: () => entering('agents'),
  });
  isReady = true;
  progress.up('database', `${database}, ${await migrationsOf(flags, folder)} migrations`);
  progress.up(
    'services',
    `${cluster.services.map(nameAndCount).join('  ')}      a process each, logs in ${flags.data}/logs`,
  );
  const taken = cluster.agents.filter(({ refusal }) => refusal === undefined);
  const [first] = taken;
  const containers = first?.tellsOf('containers') ?? '';
  if (first !== undefined) {
    const amounts = describeResources(Resources.parse(first.tellsOf('resources') ?? ''));
    progress.up('agents', `${taken.length} × ${amounts}      containers: ${containers}`);
  }
  for (const { name, refusal } of cluster.agents)
    if (refusal !== undefined) progress.ended(name, `refused: ${refusal}`);
  return {
    url: cluster.url,
    isIsolated: !containers.startsWith('plain processes'),
    serve: () => serve(cluster, givenUp.promise).finally(() => removeRunning(folder.path)),
    abandon: () => cluster.stop({ endTasks: false }).finally(() => removeRunning(folder.path)),
  };
}

const nameAndCount = ({ service, processes }: ServiceReplicas): string =>
  processes.length === 1 ? service : `${processes.length} × ${service}`;

async function migrationsOf(flags: LocalFlags, folder: DataFolder): Promise<number> {
  const urls = ['registry', 'offers', 'quota'].map((service) => databaseOf(flags, folder, service));
  const counts = await Promise.all(urls.map((url) => countMigrations(url)));
  return counts.reduce((sum, count) => sum + count, 0);
}

function report(change: ProcessChange, progress: Progress): void {
  const { name } = change.process;
  if (change.kind === 'serving') {
    progress.up(name, `serves again, pid ${change.process.facts.pid}`);
    return;
  }
  if (change.isOld) return;
  const next = change.againInMs === undefined ? 'not started again' : `started again in ${change.againInMs / 1_000} s`;
  const how = change.refusal === undefined ? `ended (${change.how})` : `refused: ${change.refusal}`;
  progress.ended(name, `${how}, ${next}      ${logOf(change.process)}`);
}

const logOf = ({ facts }: ManagedProcess): string => facts.logFile;

async function serve(cluster: ProcessCluster, givenUp: Promise<string>): Promise<number> {
  const ended = await Promise.race([untilSignal(), givenUp.then((reason) => ({ reason }))]);
  if ('reason' in ended) {
    process.stderr.write(`error: ${ended.reason}\n`);
    await cluster.stop({ endTasks: false });
    return 1;
  }
  for (const signal of SIGNALS) process.once(signal, () => process.exit(130));
  await cluster.stop({ endTasks: true });
  return 0;
}

function untilSignal(): Promise<object> {
  return new Promise((resolve) => {
    const onSignal = (): void => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
      resolve({});
    };
    for (const signal of SIGNALS) process.on(signal, onSignal);
  });
}
