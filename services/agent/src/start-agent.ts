import { mkdir } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { settingsOf } from '@tranche/config';
import { queueOf } from '@tranche/contracts';
import { createHttpApp, packageVersion, servesHttps, serveApp } from '@tranche/http';
import { consumeQueue, type ServiceHost, type StartOptions } from '@tranche/messaging';
import type { Resources } from '@tranche/resources';
import { systemClock } from '@tranche/telemetry';
import { AgentCounters } from './agent-counters.js';
import { type AgentConfig, agentOptions } from './agent.config.js';
import type { AgentSeams } from './agent-seams.js';
import type { AgentSelf } from './agent-self.js';
import { AgentModule } from './app.module.js';
import { AgentState } from './checkpoint/agent-state.js';
import { checkLayout } from './checkpoint/check-layout.js';
import { FileJournal } from './checkpoint/checkpoint.fs.js';
import { type JournalReading, readJournal } from './checkpoint/read-journal.js';
import type { Recovery } from './checkpoint/recover-agent.js';
import { WorkDirLock } from './checkpoint/work-dir-lock.js';
import { type AgentIngredients, type AgentParts, composeAgent } from './compose-agent.js';
import type { Containerizer } from './containerizer/containerizer.js';
import { measureDisk } from './containerizer/isolators/disk/measure-disk.js';
import { type AgentEnd, EndAgent } from './end-agent.js';
import { openAgentFetcher } from './fetcher/open-fetcher.js';
import { openImages } from './images/open-images.js';
import { openContainerizer } from './open-containerizer.js';
import { AgentPaths } from './paths.js';
import { thisMachine } from './registration/detect/machine.js';
import { equipAgent } from './registration/equip-agent.js';
import { AgentRefusedError } from './registration/registration.errors.js';
import { SandboxSizes } from './sandbox/gc/sandbox-sizes.js';
import { systemIds } from './system.ids.js';
import { FileVolumeStore } from './volumes/volume-store.fs.js';

export interface AgentOptions extends StartOptions<AgentConfig> {
  /** Instead of the one that the configuration asks for: for tests. */
  readonly containerizer?: Containerizer;
  /** For fault tests. */
  readonly seams?: AgentSeams;
}

/** An agent that listens and is registered. */
export interface RunningAgent {
  readonly agentId: string;
  readonly app: NestFastifyApplication;
  readonly port: number;
  /** Where it listens. */
  readonly url: string;
  /** What runs its containers, in one line for people. */
  readonly containers: string;
  /** Its total. */
  readonly resources: Resources;
  /** What it found of the agent before it. */
  readonly recovery: Recovery;
  /** Settles when it has stopped, whoever wanted it. */
  readonly ended: Promise<AgentEnd>;
  /** With `killTasks` it ends its tasks and leaves the cluster; without, they run on and are found at the next start. Idempotent. */
  stop(options: { readonly killTasks: boolean }): Promise<void>;
}

/**
 * Starts an agent: reads what it knew, listens, finds its containers again, registers, takes messages.
 *
 * @throws WorkDirInUseError, NewerFormatError, AgentOptionError, NoContainerizerError, AgentRefusedError, or the
 * system's error (a port in use); nothing is damaged then
 */
export async function startAgent(options: AgentOptions): Promise<RunningAgent> {
  const releases: (() => Promise<unknown>)[] = [];
  /** In reverse order of taking; each but once. */
  const release = async (): Promise<void> => {
    for (let undo = releases.pop(); undo !== undefined; undo = releases.pop()) await undo();
  };
  try {
    return await start(options, releases, new EndAgent(release, options.host.logger));
  } catch (error) {
    await release();
    throw error;
  }
}

async function start(
  options: AgentOptions,
  releases: (() => Promise<unknown>)[],
  end: EndAgent,
): Promise<RunningAgent> {
  const { config, host } = options;
  const made = await gather(options, releases, end);
  const parts = composeAgent(made);
  end.begin(parts);
  const app = await createApp(parts, options);
  releases.push(() => app.close());
  const served = await serveApp(
    app,
    { host: options.config.httpHost, port: options.config.httpPort },
    // Executors speak plain HTTP with the agent of their machine unless their environment says otherwise.
    { tls: options.config, logger: host.logger, metrics: host.metrics, plain: 'own-machine' },
  );
  releases.push(async () => served.close());
  made.self.port = served.port;
  await parts.operations.settle();
  const recovery = await parts.recovery.recover();
  await parts.executors.recovery.awaitReturn();
  parts.counts.recoveryMs = systemClock.nowMs() - made.self.startedAtMs;
  const agentId = await takePart(config, made.state.agentId, end, () => register(parts, app, host, end));
  if (config.recover === 'reconnect') {
    parts.collector.start();
    parts.imageCollector.start();
  }
  parts.outputs.start();
  host.logger.info('agent is up', { agentId, port: made.self.port, workDir: config.workDir, ...recovery });
  return {
    agentId,
    app,
    port: made.self.port,
    url: served.url,
    containers: made.containerizer.description,
    resources: made.total,
    recovery,
    ended: end.ended,
    stop: ({ killTasks }) => end.end({ cause: 'stopped' }, killTasks),
  };
}

/** Takes the work directory into use, reads the journal, finds out what the machine has. */
async function gather(
  { config, host, containerizer, seams = {} }: AgentOptions,
  releases: (() => Promise<unknown>)[],
  end: EndAgent,
): Promise<AgentIngredients> {
  const paths = new AgentPaths(resolve(config.workDir));
  await mkdir(paths.workDir, { recursive: true });
  const misfits = await checkLayout(paths);
  for (const finding of misfits) host.logger.error('work directory is damaged', { finding });
  const lock = await WorkDirLock.take(paths.lock);
  releases.push(() => lock.release());
  const state = new AgentState(config.maxCompletedExecutors);
  const reading = await readJournal(paths.journal, state);
  tell(reading, host);
  const { total, equipment } = await equipAgent({ ...config, workDir: paths.workDir }, thisMachine);
  const sizes = new SandboxSizes(measureDisk, systemClock);
  const opened = containerizer ?? (await openContainerizer(config, paths, systemClock, sizes.measure));
  releases.push(async () => opened.close?.());
  const counters = new AgentCounters(host.metrics);
  const store = await FileJournal.start(paths.journal, {
    snapshot: () => state.snapshot(),
    onFailure: (error) => {
      host.logger.error('journal cannot be written: the agent stops, its tasks run on', { error });
      void end.end({ cause: 'failed', error });
    },
    onFull: (isFull) => {
      if (isFull) host.logger.error('the disk is full: the agent takes on nothing new', { workDir: paths.workDir });
      else host.logger.info('there is room on the disk again', { workDir: paths.workDir });
    },
    onSynced: (durationMs) => counters.checkpointed(durationMs),
    end: reading.end,
  });
  releases.push(() => store.close());
  const volumes = new FileVolumeStore(paths.workDir);
  return {
    ...{
      config,
      host,
      paths,
      state,
      store: seams.store?.(store) ?? store,
      volumes: seams.volumes?.(volumes) ?? volumes,
      total,
      equipment,
      counters,
      sizes,
      findings: [...misfits, ...reading.findings],
    },
    self: describeSelf(config),
    containerizer: seams.containerizer?.(opened) ?? opened,
    fetcher: await openAgentFetcher(config, paths),
    images: await openImages(config, paths, { clock: systemClock, counters, logger: host.logger }),
    clock: systemClock,
    ids: systemIds,
    onRefused: (reason) => void end.end({ cause: 'refused', reason }),
  };
}

/** Registers, unless the agent was started to end what the one before left running: it then is no member and ends by itself. */
async function takePart(
  { recover }: AgentConfig,
  knownId: string | undefined,
  end: EndAgent,
  joinCluster: () => Promise<string>,
): Promise<string> {
  if (recover === 'reconnect') return joinCluster();
  void end.end({ cause: 'cleaned-up' }, true);
  return knownId ?? '';
}

function tell({ findings, quarantined }: JournalReading, { logger }: ServiceHost): void {
  for (const finding of findings) logger.error('journal is damaged', { finding, quarantined });
}

async function createApp(parts: AgentParts, { config, host, origins }: AgentOptions): Promise<NestFastifyApplication> {
  return createHttpApp(AgentModule.with(parts), {
    service: 'agent',
    logger: host.logger,
    metrics: host.metrics,
    settings: settingsOf(agentOptions, config, origins),
    tracer: host.tracer,
    paths: 'agent',
    auth: config,
    readiness: async () => ({
      ...host.readiness(),
      registered: parts.lifecycle.phase === 'running' || parts.lifecycle.phase,
    }),
  });
}

/** The agent's queue has its id in its name, so that it takes messages once it has one. */
async function register(
  parts: AgentParts,
  app: NestFastifyApplication,
  host: ServiceHost,
  end: EndAgent,
): Promise<string> {
  const registration = await parts.registration.register();
  if (!registration.ok) {
    const { reason } = registration;
    await end.end({ cause: 'refused', reason });
    throw new AgentRefusedError(reason);
  }
  const { agentId } = registration;
  await consumeQueue(app, host, queueOf('agent', agentId));
  return agentId;
}

function describeSelf(config: AgentConfig): AgentSelf {
  const ip = config.ip ?? addressOf(config.httpHost);
  return {
    hostname: config.hostname ?? (isLoopback(ip) ? ip : hostname()),
    ip,
    port: config.httpPort,
    ...(servesHttps(config) ? { scheme: 'https' } : {}),
    version: packageVersion(import.meta.url),
    startedAtMs: systemClock.nowMs(),
  };
}

/** An agent that listens everywhere is reached at the first address that is not the machine's own business. */
function addressOf(listenHost: string): string {
  if (listenHost !== '0.0.0.0' && listenHost !== '::') return listenHost === 'localhost' ? '127.0.0.1' : listenHost;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
}

const isLoopback = (ip: string): boolean => ip.startsWith('127.') || ip === '::1';
