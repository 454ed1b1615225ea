import { queueOf } from '@tranche/contracts';
import { createHttpApp, type RunningService } from '@tranche/http';
import { consumeQueue, type StartOptions } from '@tranche/messaging';
import { openDatabase } from '@tranche/persistence';
import type { EntitySchema } from 'typeorm';
import { AppModule } from './app.module.js';
import type { QuotaServiceConfig } from './quota.config.js';
import { CreateRoles1764000002000 } from './roles/migrations/1764000002000-create-roles.js';
import { TypeormRoleConfigStore } from './roles/role-config-store.typeorm.js';
import { RoleSchema } from './roles/role-config.schema.js';
import { RoleConfigs } from './roles/role-configs.js';
import { UsageSources } from './usage/usage-sources.js';

/**
 * Starts the quota service: opens its database, reads what is set for roles, consumes its queue.
 *
 * @throws PersistenceError when the database cannot be used
 */
export async function startQuota({ config, host }: StartOptions<QuotaServiceConfig>): Promise<RunningService> {
  const source = await openDatabase({
    url: config.databaseUrl,
    service: 'quota',
    entities: [RoleSchema as EntitySchema],
    migrations: [CreateRoles1764000002000],
  });
  const store = new TypeormRoleConfigStore(source);
  const configs = new RoleConfigs();
  for (const role of await store.load()) configs.put(role);
  const { host: authority } = new URL(config.publicUrl);
  const app = await createHttpApp(AppModule.with({ host, store, configs }), {
    service: 'quota',
    logger: host.logger,
    metrics: host.metrics,
    tracer: host.tracer,
    paths: 'cluster',
    // The public address routes by path: it finds the service that we are not.
    locate: () => authority,
    readiness: async () => ({
      database: source.isInitialized || 'closed',
      ...Object.fromEntries(usage.all.map((one) => [one.source, one.state])),
    }),
  });
  const usage = app.get(UsageSources);
  await consumeQueue(app, host, queueOf('quota'));
  await app.init();
  for (const one of usage.all) void one.start();
  return {
    app,
    async stop(): Promise<void> {
      for (const one of usage.all) one.stop();
      await app.close();
      await source.destroy();
    },
  };
}
