import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { authorizerOf, parseDomain, settingsOf } from '@tranche/config';
import { partitionQueueOf, RegistrySnapshotV1, WHOLE } from '@tranche/contracts';
import { createHttpApp, packageVersion, type RunningService } from '@tranche/http';
import { consumeQueue, followSource, type ServiceHost, type StartOptions } from '@tranche/messaging';
import { type BulkWriter, openStorage, TypeormRequestStore } from '@tranche/persistence';
import { SystemClock } from '@tranche/telemetry';
import { AgentCommandsBus } from './agents/agent-commands.bus.js';
import { AgentTable } from './agents/agent-table.js';
import { AgentTotals } from './agents/agent-totals.js';
import { askSome } from './agents/ask-agents.js';
import { usageOf } from './agents/report-usage.js';
import { takeAgents } from './agents/take-agents.js';
import { type OffersParts, OffersModule } from './app.module.js';
import { changesTo } from './changes/changes.port.js';
import { CountedChanges } from './changes/counted.changes.js';
import { FactsOfChanges } from './changes/facts.changes.js';
import type { ClusterState } from './cluster-state.js';
import { FrameworkTable } from './frameworks/framework-table.js';
import { recoverFrameworks } from './frameworks/recover-frameworks.js';
import { HistoryRetention } from './history/expire-history.js';
import type { History } from './history/history.port.js';
import { TypeormHistory } from './history/history.typeorm.js';
import { CountedIds } from './ids.port.js';
import { InverseOfferTable } from './inverse-offers/inverse-offer-table.js';
import { masterInfoOf } from './master-info.js';
import { AllocatorBus } from './offers/allocator.bus.js';
import { MesosCounts } from './metrics/mesos-counts.js';
import { OfferExpiry } from './offers/offer-expiry.js';
import { OfferTable } from './offers/offer-table.js';
import { type OffersConfig, offersOptions } from './offers.config.js';
import type { OffersContext } from './offers-context.js';
import { OperationTable } from './operations/operation-table.js';
import { SiblingsBus } from './operations/operators/siblings.bus.js';
import { CallMetrics } from './scheduler-api/call-metrics.js';
import { StreamRegistry } from './scheduler-api/stream-registry.js';
import { loadRemembered } from './storage/load-remembered.js';
import { offersDatabase, offersRequests } from './storage/offers.database.js';
import { rewriteAll, StoredChanges } from './storage/stored.changes.js';
import { keepingOrder } from './tasks/status-order.js';
import { TaskTable } from './tasks/task-table.js';

/** The agents that are known are offered and reported on while the registry is away. */
const usable = (state: true | string): true | { usable: string } => (state === true ? true : { usable: state });

/** How often more of the agents are asked to tell what they had been sent before this life. */
const ASK_AGENTS_INTERVAL_MS = 250;
/** How often history is looked through for what is past its retention. */
const HISTORY_INTERVAL_MS = 60_000;

/**
 * Starts the offers service, or one partition of it: database, memory, messages, HTTP application.
 *
 * @returns once it consumes its queue and knows the registry's agents, if the registry is there
 * @throws PersistenceError when the database cannot be used
 */
export async function startOffers({ config, host, origins }: StartOptions<OffersConfig>): Promise<RunningService> {
  const storage = await openStorage(offersDatabase, config, host);
  const { source, writer } = storage;
  const clock = new SystemClock();
  const { partition = WHOLE } = host;
  const history = new TypeormHistory(source, partition);
  const parts = assemble(config, host, { clock, writer, history });
  recoverFrameworks(parts.context, await loadRemembered(source, partition, history, config));
  storage.onRewrite(() => rewriteAll(parts.context.state, writer));

  const app = await createHttpApp(OffersModule.forRoot(parts), {
    service: 'offers',
    logger: host.logger,
    metrics: host.metrics,
    requests: new TypeormRequestStore(source, offersRequests, { partition: partition.index }),
    settings: settingsOf(offersOptions, config, origins),
    tracer: host.tracer,
    paths: 'cluster',
    auth: config,
    // The public address routes by path: it finds the service that we are not.
    locate: () => new URL(config.publicUrl).host,
    readiness: async () => ({
      ...host.readiness(),
      database: storage.state,
      registry: usable(parts.registry.state),
    }),
  });
  await consumeQueue(app, host, partitionQueueOf('offers', parts.context.state.partition.index));
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  await parts.registry.start();

  const asking = setInterval(() => askSome(parts.context), ASK_AGENTS_INTERVAL_MS).unref();
  const stopRetention = keepToRetention(
    new HistoryRetention(parts.context, history, config.historyRetentionMs, host.logger),
  );
  return {
    app,
    stop: async () => {
      clearInterval(asking);
      parts.streams.stop();
      await stopRetention();
      parts.registry.stop();
      clock.stop();
      await app.close();
      await storage.close();
    },
  };
}

function assemble(
  config: OffersConfig,
  host: ServiceHost,
  { clock, writer, history }: { clock: SystemClock; writer: BulkWriter; history: History },
): OffersParts {
  const { bus, logger, metrics } = host;
  const clusterId = config.clusterId ?? randomUUID();
  const version = packageVersion(import.meta.url);
  const { partition = WHOLE } = host;
  const agents = new AgentTable(bus.source);
  const state: ClusterState = {
    partition,
    frameworks: new FrameworkTable(config.maxCompletedFrameworks),
    offers: new OfferTable(),
    inverseOffers: new InverseOfferTable(),
    tasks: new TaskTable(config.maxCompletedTasksPerFramework),
    agents,
    operations: new OperationTable(),
    totals: new AgentTotals(agents, partition),
  };
  const changeCount = new CountedChanges(metrics, state, clock);
  const mesosCounts = new MesosCounts();
  const listeners = [changeCount, mesosCounts, keepingOrder(state.tasks.byFirstStatus)];
  const context: OffersContext = {
    state,
    allocator: new AllocatorBus(bus, clock, logger, (agentId) => usageOf(state, agentId)),
    agents: new AgentCommandsBus(bus, logger, () => writer.stored()),
    changes: changesTo([new FactsOfChanges(bus, clock), new StoredChanges(writer, state), ...listeners]),
    clock,
    ids: new CountedIds(clusterId, partition),
    authorizer: authorizerOf(config),
    settings: {
      offerTimeoutMs: config.offerTimeoutMs,
      heartbeatIntervalMs: config.heartbeatIntervalMs,
      recoveryGraceMs: config.recoveryGraceMs,
      masterInfo: masterInfoOf(config.publicUrl, clusterId, version, parseDomain(config.clusterDomain)),
    },
  };
  return {
    context,
    siblings: new SiblingsBus(bus, partition),
    stored: () => writer.stored(),
    history,
    bus,
    logger,
    metrics,
    changeCount,
    mesosCounts,
    expiry: new OfferExpiry(context),
    registry: followSource(
      { contract: RegistrySnapshotV1, request: {}, replace: ({ agents }) => takeAgents(context, agents) },
      host,
    ),
    streams: new StreamRegistry(context, logger, metrics),
    callMetrics: new CallMetrics(metrics, mesosCounts),
    maxBufferedBytes: config.maxBufferedBytes,
  };
}

/** @returns stops it, when what it has begun is done */
function keepToRetention(retention: HistoryRetention): () => Promise<void> {
  retention.sweep();
  const timer = setInterval(() => retention.sweep(), HISTORY_INTERVAL_MS).unref();
  return () => {
    clearInterval(timer);
    return retention.settled();
  };
}
