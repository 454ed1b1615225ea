import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { queueOf } from '@tranche/contracts';
import { createHttpApp } from '@tranche/http';
import type { ServiceHost } from '@tranche/messaging';
import { BulkWriter, openDatabase } from '@tranche/persistence';
import type { DataSource, EntitySchema } from 'typeorm';
import { AgentRoster } from './agents/agent-roster.js';
import { TypeormAgentStore } from './agents/agent-store.typeorm.js';
import { AgentSchema } from './agents/agent.schema.js';
import { CreateAgents1764000001000 } from './agents/migrations/1764000001000-create-agents.js';
import { recoverAgents } from './agents/recover-agents.js';
import { AppModule } from './app.module.js';
import { buildVersion } from './cluster-info/build-version.js';
import { clusterInfo } from './cluster-info/cluster-info.js';
import { OffersSync } from './model/offers-sync.js';
import type { RegistryConfig } from './registry.config.js';
import { systemClock } from './system.clock.js';

export interface RegistryOptions {
  readonly config: RegistryConfig;
  readonly host: ServiceHost;
}

/** A registry that consumes its messages and is ready to be listened on. */
export interface RunningService {
  readonly app: NestFastifyApplication;
  /** Takes no more, writes what waits, closes the database. */
  stop(): Promise<void>;
}

/**
 * Starts the registry: opens its database, brings back the agents it knew, consumes its queue.
 *
 * @throws PersistenceError when the database cannot be used
 */
export async function startRegistry({ config, host }: RegistryOptions): Promise<RunningService> {
  const source = await openDatabase({
    url: config.databaseUrl,
    service: 'registry',
    entities: [AgentSchema as EntitySchema],
    migrations: [CreateAgents1764000001000],
  });
  const writer = new BulkWriter(source, {
    onError: (error) => host.logger.warn('agents could not be written, will be tried again', { error }),
  });
  const app = await createApp({ config, host }, source);
  await recoverAgents(new TypeormAgentStore(source, writer), app.get(AgentRoster));
  app.connectMicroservice({ strategy: host.strategy(queueOf('registry')) }, { inheritAppConfig: true });
  await app.startAllMicroservices();
  await app.init();
  return {
    app,
    async stop(): Promise<void> {
      await app.close();
      await writer.flush();
      await source.destroy();
    },
  };
}

async function createApp({ config, host }: RegistryOptions, source: DataSource): Promise<NestFastifyApplication> {
  const clusterId = config.clusterId ?? randomUUID();
  const info = clusterInfo(config, buildVersion(), clusterId, systemClock.nowMs());
  const app = await createHttpApp(AppModule.with({ config, host, info, clock: systemClock }), {
    service: 'registry',
    logger: host.logger,
    metrics: host.metrics,
    paths: 'cluster',
    // The public address routes by path: it finds the service that we are not.
    locate: () => info.authority,
    readiness: async () => ({
      database: source.isInitialized || 'closed',
      'read model': app.get(OffersSync).state,
    }),
  });
  return app;
}
