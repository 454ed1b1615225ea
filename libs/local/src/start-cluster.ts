import { randomUUID } from 'node:crypto';
import { agentOptions, AgentRefusedError, type RunningAgent, startAgent } from '@tranche/agent';
import { allocatorOptions, startAllocator } from '@tranche/allocator';
import { configWith } from '@tranche/config';
import {
  type OpenApiDocument,
  packageVersion,
  type PublicService,
  type RunningService,
  sumOfDocuments,
} from '@tranche/http';
import { InProcessBroker, inProcessHost, type ServiceHost } from '@tranche/messaging';
import { offersOptions, startOffers } from '@tranche/offers';
import { quotaOptions, startQuota } from '@tranche/quota';
import { schemaUrl } from '@tranche/persistence';
import { registryOptions, startRegistry } from '@tranche/registry';
import { type Logger, serviceTracer, runWithTracer } from '@tranche/telemetry';
import { authSettingsOf } from './credentials.js';
import type { DataFolder } from './data-folder.js';
import type { LocalFlags } from './flags.js';
import { Gateway, type ServiceHandler } from './gateway.js';
import { MemberAgent, type MemberChange } from './in-process/member-agent.js';
import { explainListenError } from './ports.js';
import { localRingBytes } from './telemetry/ring.config.js';

const HOST = '127.0.0.1';

/** In one process an agent cannot be unreachable while the rest lives; the heartbeats only show that its event loop turns. */
const AGENT_PING_TIMEOUT_MS = 5_000;

/** So long after the cluster has refused it an agent asks again. */
export const ASK_AGAIN_MS = 10_000;

export interface ClusterOptions {
  readonly flags: LocalFlags;
  readonly folder: DataFolder;
  readonly logger: (service: string) => Logger;
  /** Told when the public services are up, before the agents start. */
  readonly onServices?: () => Promise<void>;
  /** Told when an agent has left the cluster against its will, and when it is back. */
  readonly onAgent?: (name: string, change: MemberChange) => void;
}

/** The local cluster: public services behind one gateway, and agents. */
export interface LocalCluster {
  readonly url: string;
  readonly broker: InProcessBroker;
  /** Those that could be started, of which the cluster may not have taken some. */
  readonly agents: readonly MemberAgent[];
  /** @param killTasks false leaves tasks to run; they are found at the next start */
  stop(options: { killTasks: boolean }): Promise<void>;
}

/**
 * Starts all services over one broker in this process, then the agents.
 *
 * @throws LocalStartError when a port is taken; whatever a service throws that cannot start. What was started is stopped then.
 */
export async function startCluster(options: ClusterOptions): Promise<LocalCluster> {
  const { flags } = options;
  const broker = new InProcessBroker();
  const stops: (() => Promise<void>)[] = [];
  const parts = new Map<string, Pick<ServiceHost, 'tracer' | 'logger'>>();
  const partsOf = (service: string): Pick<ServiceHost, 'tracer' | 'logger'> => {
    const tracer = serviceTracer(service, localRingBytes());
    stops.push(() => tracer.flush());
    const made = { tracer, logger: options.logger(service) };
    parts.set(service, made);
    return made;
  };
  const host = (service: string): ServiceHost =>
    inProcessHost({ service, broker, ...(parts.get(service) ?? partsOf(service)) });
  try {
    const services = await startServices(options, host, stops);
    const gateway = new Gateway(await handlersOf(services), () => publicDocument(services));
    await gateway.listen(flags.port, HOST).catch(async (error: unknown) => {
      throw await explainListenError(error, flags.port, '--port PORT');
    });
    stops.push(() => gateway.close());
    await options.onServices?.();
    const agents = await startAgents(options, host, stops);
    return {
      url: `http://${HOST}:${flags.port}`,
      broker,
      agents,
      async stop({ killTasks }): Promise<void> {
        await Promise.all(agents.map((agent) => agent.stop({ killTasks })));
        await stopAll(stops);
      },
    };
  } catch (error) {
    await stopAll(stops);
    throw error;
  }
}

/** Newest first: nobody loses what it stands on. */
async function stopAll(stops: (() => Promise<void>)[]): Promise<void> {
  for (const stop of stops.splice(0).toReversed()) await stop();
}

async function startServices(
  { flags, folder }: ClusterOptions,
  host: (service: string) => ServiceHost,
  stops: (() => Promise<void>)[],
): Promise<Record<PublicService, RunningService>> {
  const database = flags.database ?? `sqlite:${folder.databaseFile}`;
  const databaseOf = (service: string) => ({ databaseUrl: schemaUrl(database, service) });
  const publicUrl = `http://${HOST}:${flags.port}`;
  const auth = authSettingsOf(flags);
  const common = { publicUrl, clusterId: randomUUID(), ...auth };
  const keep = <S extends RunningService>(service: S): S => {
    stops.push(() => service.stop());
    return service;
  };
  const registryConfig = {
    ...common,
    ...databaseOf('registry'),
    logFile: folder.logFile('registry'),
    clusterName: 'local',
    agentPingTimeoutMs: AGENT_PING_TIMEOUT_MS,
  };
  const quota = keep(
    await startQuota({ config: configWith(quotaOptions, { ...common, ...databaseOf('quota') }), host: host('quota') }),
  );
  const registry = keep(
    await startRegistry({ config: configWith(registryOptions, registryConfig), host: host('registry') }),
  );
  const offers = keep(
    await startOffers({
      config: configWith(offersOptions, { ...common, ...databaseOf('offers') }),
      host: host('offers'),
    }),
  );
  const allocator = keep(
    await startAllocator({ config: configWith(allocatorOptions, { publicUrl, ...auth }), host: host('allocator') }),
  );
  return { registry, allocator, offers, quota };
}

async function publicDocument(services: Record<PublicService, RunningService>): Promise<OpenApiDocument> {
  const documents = Object.values(services).map(async ({ app }) =>
    (await app.inject('/openapi.json')).json<OpenApiDocument>(),
  );
  return sumOfDocuments(await Promise.all(documents), packageVersion(import.meta.url));
}

async function handlersOf(
  services: Record<PublicService, RunningService>,
): Promise<Record<PublicService, ServiceHandler>> {
  const handlerOf = async ({ app }: RunningService): Promise<ServiceHandler> => {
    const fastify = app.getHttpAdapter().getInstance();
    await fastify.ready();
    return (request, response) => fastify.routing(request, response);
  };
  return {
    registry: await handlerOf(services.registry),
    allocator: await handlerOf(services.allocator),
    offers: await handlerOf(services.offers),
    quota: await handlerOf(services.quota),
  };
}

async function startAgents(
  { flags, folder, onAgent }: ClusterOptions,
  host: (service: string) => ServiceHost,
  stops: (() => Promise<void>)[],
): Promise<MemberAgent[]> {
  const start = async (number: number): Promise<RunningAgent> => {
    const name = `agent${number}`;
    const httpPort = flags.port + number;
    const config = configWith(agentOptions, {
      httpPort,
      hostname: name,
      workDir: folder.agentFolder(name),
      logFile: folder.logFile(name),
      share: `${number}/${flags.agents}`,
      containerizer: flags.containers,
      resources: flags.resources ?? '',
      ...authSettingsOf(flags),
    });
    try {
      const agentHost = host(name);
      return await runWithTracer(agentHost.tracer, () => startAgent({ config, host: agentHost }));
    } catch (error) {
      if (error instanceof AgentRefusedError) throw error;
      throw await explainListenError(error, httpPort, '--port PORT (agents take the ports after it)');
    }
  };
  const agents = Array.from({ length: flags.agents }, (_, i) => {
    const told = (change: MemberChange): void => onAgent?.(`agent${i + 1}`, change);
    const agent = new MemberAgent(() => start(i + 1), ASK_AGAIN_MS, told);
    stops.push(() => agent.stop({ killTasks: false }));
    return agent;
  });
  // All of them settle before an error is reported, so that none goes on starting while the others are stopped.
  const started = await Promise.allSettled(agents.map((agent) => agent.start()));
  for (const one of started) if (one.status === 'rejected') throw one.reason;
  // Those that were declared gone stay out; without any other there is no cluster.
  const reasons = agents.map(({ refusal }) => refusal).filter((refusal) => refusal !== undefined);
  if (agents.length > 0 && reasons.length === agents.length) throw new AgentRefusedError(reasons.join('; '));
  return agents;
}
