import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PublicService, servesHttps } from '@tranche/http';
import { isMysqlUrl, schemaUrl } from '@tranche/persistence';
import { silentLogger } from '@tranche/telemetry';
import type { DataFolder } from '../data-folder.js';
import type { LocalFlags } from '../flags.js';
import { LocalStartError } from '../local.errors.js';
import { explainListenError } from '../ports.js';
import { brokerNamespace, type RunningCluster, writeRunning } from './cluster-file.js';
import { allServing, ManagedProcess, type ProcessChange } from './managed-process.js';
import { environmentWith, readTlsConfig } from './processes.config.js';
import { openProxy, serveProxy } from './proxy.js';
import { ServiceReplicas } from './service-replicas.js';

const HOST = '127.0.0.1';
const SERVICES = ['registry', 'allocator', 'offers', 'quota'] as const satisfies readonly PublicService[];

/** The cluster as separate processes behind one address. */
export interface ProcessCluster {
  readonly url: string;
  readonly services: readonly ServiceReplicas[];
  readonly agents: readonly ManagedProcess[];
  /** @param endTasks false leaves tasks to run; they are found at the next start */
  stop(options: { readonly endTasks: boolean }): Promise<void>;
}

export interface ProcessClusterOptions {
  readonly flags: LocalFlags;
  readonly folder: DataFolder;
  /** Told when a process has ended by itself, and when it serves again. */
  readonly onChange: (change: ProcessChange) => void;
  /** Told when the services serve, before the agents start. */
  readonly onServices: () => void;
}

/** `services/<name>/dist/main.js`, beside the index that the name of the package leads to. */
const programOf = (service: string): string =>
  join(fileURLToPath(import.meta.resolve(`@tranche/${service}`)), '..', 'main.js');

/** Where a service stores: a schema of its own on a server, a file of its own otherwise (one writer a file). */
export const databaseOf = (flags: LocalFlags, folder: DataFolder, service: string): string =>
  flags.database !== undefined && isMysqlUrl(flags.database)
    ? schemaUrl(flags.database, service)
    : `sqlite:${join(folder.path, `${service}.db`)}`;

/** Those that show their log to clients. */
const KEEP_LOGS: ReadonlySet<string> = new Set(['registry', 'agent']);

/**
 * Starts the proxy, the services, then the agents; each is started again when it ends by itself.
 *
 * @throws LocalStartError when the port is taken, or a process ends before it serves. What was started is stopped then.
 */
export async function startProcesses(options: ProcessClusterOptions): Promise<ProcessCluster> {
  const { flags, folder } = options;
  const tls = readTlsConfig();
  const url = `${servesHttps(tls) ? 'https' : 'http'}://${HOST}:${flags.port}`;
  const all: ManagedProcess[] = [];
  const tell = (): void => writeRunning(folder.path, factsOf(url, all));
  const make = (name: string, service: string, env: Readonly<Record<string, string>>): ManagedProcess => {
    const logFile = folder.logFile(name);
    const ofLog: Readonly<Record<string, string>> = KEEP_LOGS.has(service)
      ? { [`${service.toUpperCase()}_LOG_FILE`]: logFile }
      : {};
    const process = new ManagedProcess({
      name,
      program: programOf(service),
      env: environmentWith({ ...commonEnvironment(flags, folder, url), ...env, ...ofLog }),
      logFile,
      standsBy: service !== 'agent' && flags.replicas > 1,
      isVital: service !== 'agent',
      onChange: (change) => {
        tell();
        options.onChange(change);
      },
    });
    all.push(process);
    return process;
  };
  const services = SERVICES.map((service) => {
    const env = { HTTP_PORT: '0', DATABASE_URL: databaseOf(flags, folder, service) };
    return new ServiceReplicas(
      service,
      replicaNames(service, flags.replicas).map((name) => make(name, service, env)),
    );
  });
  const agents = Array.from({ length: flags.agents }, (_, i) =>
    make(`agent${i + 1}`, 'agent', agentEnvironment(options, i + 1)),
  );
  const proxy = await openProxy((service) => services.find((one) => one.service === service)?.url);
  let close = (): Promise<void> => proxy.close();
  const stop = async (endTasks: boolean): Promise<void> => {
    await Promise.all(agents.map((agent) => agent.stop({ endTasks })));
    await Promise.all(services.map((service) => service.stop()));
    await close();
  };
  try {
    // What is to be told of certificates the services write into their logs: this terminal belongs to its user.
    const served = serveProxy(proxy, { host: HOST, port: flags.port }, { tls, logger: silentLogger });
    ({ close } = await served.catch(async (error: unknown) => {
      throw await explainListenError(error, flags.port, '--port PORT');
    }));
    await allServing(services);
    options.onServices();
    await allServing(agents);
    refuseIfNoneIsTaken(agents);
    return { url, services, agents, stop: ({ endTasks }) => stop(endTasks) };
  } catch (error) {
    await stop(false);
    throw error;
  }
}

/** Those that were declared gone stay out; without any other there is no cluster. */
function refuseIfNoneIsTaken(agents: readonly ManagedProcess[]): void {
  const [refused] = agents;
  if (refused?.refusal !== undefined && agents.every(({ refusal }) => refusal !== undefined))
    throw new LocalStartError('local/part-failed', `${refused.name} is refused: ${refused.refusal}`, [
      'begin afresh: npm start -- --reset',
    ]);
}

/** `offers` where it is alone, else `offers1`, `offers2`. */
const replicaNames = (service: string, count: number): readonly string[] =>
  count === 1 ? [service] : Array.from({ length: count }, (_, index) => `${service}${index + 1}`);

const factsOf = (url: string, processes: readonly ManagedProcess[]): RunningCluster => ({
  pid: process.pid,
  url,
  processes: processes.map(({ facts }) => facts),
});

const commonEnvironment = (flags: LocalFlags, folder: DataFolder, url: string): Record<string, string> => ({
  BROKER_URL: flags.broker,
  BROKER_NAMESPACE: brokerNamespace(folder.path),
  CLUSTER_NAME: 'local',
  PUBLIC_URL: url,
  HTTP_HOST: HOST,
  LOG_FORMAT: 'json',
  ...(flags.credentials === undefined ? {} : { AUTH_CREDENTIALS_FILE: resolve(flags.credentials) }),
  ...(flags.acls === undefined ? {} : { AUTH_ACLS_FILE: resolve(flags.acls) }),
});

const agentEnvironment = ({ flags, folder }: ProcessClusterOptions, number: number): Record<string, string> => ({
  HTTP_PORT: String(flags.port + number),
  AGENT_HOSTNAME: `agent${number}`,
  AGENT_WORK_DIR: folder.agentFolder(`agent${number}`),
  AGENT_SHARE: `${number}/${flags.agents}`,
  AGENT_CONTAINERIZER: flags.containers,
  AGENT_RESOURCES: flags.resources ?? '',
});
