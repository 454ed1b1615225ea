import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { settingsOf } from '@tranche/config';
import { queueOf } from '@tranche/contracts';
import { buildVersion, createHttpApp, type RunningService } from '@tranche/http';
import { consumeQueue, SourceFollower, type StartOptions } from '@tranche/messaging';
import { openStorage, type ServiceStorage, TypeormRequestStore } from '@tranche/persistence';
import { systemClock } from '@tranche/telemetry';
import { AgentRoster } from './agents/agent-roster.js';
import { TypeormAgentStore } from './agents/agent-store.typeorm.js';
import { recoverAgents } from './agents/recover-agents.js';
import { registryDatabase, registryRequests } from './agents/registry.database.js';
import { AppModule } from './app.module.js';
import { MaintenanceBook } from './maintenance/maintenance-book.js';
import type { MaintenanceStore } from './maintenance/maintenance-store.port.js';
import { TypeormMaintenanceStore } from './maintenance/maintenance-store.typeorm.js';
import { recoverMaintenance } from './maintenance/recover-maintenance.js';
import { clusterInfo } from './cluster-info/cluster-info.js';
import { type RegistryConfig, registryOptions } from './registry.config.js';
import { MeshServices } from './services/mesh-services.js';
import { MeshTraces } from './traces/mesh-traces.js';

/**
 * Starts the registry: opens its database, brings back the agents it knew, consumes its queue.
 *
 * @throws PersistenceError when the database cannot be used
 */
export async function startRegistry({ config, host, origins }: StartOptions<RegistryConfig>): Promise<RunningService> {
  const storage = await openStorage(registryDatabase, config, host);
  const maintenance = new TypeormMaintenanceStore(storage.source);
  const app = await createApp({ config, host, origins }, storage, maintenance);
  const store = new TypeormAgentStore(storage.source, storage.writer);
  const roster = app.get(AgentRoster);
  await recoverAgents(store, roster);
  await recoverMaintenance(maintenance, app.get(MaintenanceBook), roster);
  storage.onRewrite(() => {
    for (const agent of roster.all()) store.agentChanged(agent);
  });
  await consumeQueue(app, host, queueOf('registry'));
  await app.init();
  const offers = app.get(SourceFollower);
  void offers.start();
  return {
    app,
    async stop(): Promise<void> {
      offers.stop();
      await app.close();
      await storage.close();
    },
  };
}

async function createApp(
  { config, host, origins }: StartOptions<RegistryConfig>,
  storage: ServiceStorage,
  maintenance: MaintenanceStore,
): Promise<NestFastifyApplication> {
  const clusterId = config.clusterId ?? randomUUID();
  const info = clusterInfo(config, buildVersion(import.meta.url), clusterId, systemClock.nowMs());
  const module = AppModule.with({
    config,
    host,
    info,
    clock: systemClock,
    maintenance,
    saved: () => storage.writer.flush(),
  });
  const app: NestFastifyApplication = await createHttpApp(module, {
    service: 'registry',
    logger: host.logger,
    metrics: host.metrics,
    requests: new TypeormRequestStore(storage.source, registryRequests),
    settings: settingsOf(registryOptions, config, origins),
    settingsOf: (id) => app.get(MeshServices).settings(id),
    tracer: host.tracer,
    traces: { read: (id) => app.get(MeshTraces).read(id), list: (filter) => app.get(MeshTraces).list(filter) },
    paths: 'cluster',
    auth: config,
    // The public address routes by path: it finds the service that we are not.
    locate: () => info.authority,
    readiness: async () => ({
      ...host.readiness(),
      database: storage.state,
      'read model': app.get(SourceFollower).state,
    }),
  });
  return app;
}
