import { settingsOf } from '@tranche/config';
import { queueOf } from '@tranche/contracts';
import { createHttpApp, type RunningService } from '@tranche/http';
import { consumeQueue, type StartOptions } from '@tranche/messaging';
import { openStorage, TypeormRequestStore } from '@tranche/persistence';
import { AppModule } from './app.module.js';
import { type QuotaServiceConfig, quotaOptions } from './quota.config.js';
import { quotaDatabase, quotaRequests } from './roles/quota.database.js';
import { TypeormRoleConfigStore } from './roles/role-config-store.typeorm.js';
import { RoleConfigs } from './roles/role-configs.js';
import { UsageSources } from './usage/usage-sources.js';

/**
 * Starts the quota service: opens its database, reads what is set for roles, consumes its queue.
 *
 * @throws PersistenceError when the database cannot be used
 */
export async function startQuota({ config, host, origins }: StartOptions<QuotaServiceConfig>): Promise<RunningService> {
  const storage = await openStorage(quotaDatabase, config, host);
  const store = new TypeormRoleConfigStore(storage.source);
  const configs = new RoleConfigs();
  for (const role of await store.load()) configs.put(role);
  const { host: authority } = new URL(config.publicUrl);
  const app = await createHttpApp(AppModule.with({ host, store, configs }), {
    service: 'quota',
    logger: host.logger,
    metrics: host.metrics,
    requests: new TypeormRequestStore(storage.source, quotaRequests),
    settings: settingsOf(quotaOptions, config, origins),
    tracer: host.tracer,
    paths: 'cluster',
    auth: config,
    // The public address routes by path: it finds the service that we are not.
    locate: () => authority,
    readiness: async () => ({
      ...host.readiness(),
      database: await storage.ping(),
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
      await storage.close();
    },
  };
}
