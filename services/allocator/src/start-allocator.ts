import 'reflect-metadata';
import { settingsOf } from '@tranche/config';
import { queueOf } from '@tranche/contracts';
import { createHttpApp, type RunningService } from '@tranche/http';
import { consumeQueue, type StartOptions } from '@tranche/messaging';
import { AllocatorModule } from './app.module.js';
import { type AllocatorConfig, allocatorOptions } from './allocator.config.js';
import { FunnelHistory } from './explain/funnel-history.js';
import { AllocationRunner } from './runs/allocation-runner.js';
import { Sources } from './sync/sources.js';

/** How often the obstacles of those who wait are looked at. */
const FUNNEL_INTERVAL_MS = 10_000;

/** Starts the allocator: consumes its queue, fetches the other services' snapshots as soon as they answer, runs. It stores nothing. */
export async function startAllocator({
  config,
  host,
  origins,
}: StartOptions<AllocatorConfig>): Promise<RunningService> {
  const authority = new URL(config.publicUrl).host;
  const app = await createHttpApp(AllocatorModule.forRoot(config, host), {
    service: 'allocator',
    logger: host.logger,
    metrics: host.metrics,
    settings: settingsOf(allocatorOptions, config, origins),
    tracer: host.tracer,
    paths: 'cluster',
    auth: config,
    locate: () => authority,
    readiness: async () => ({
      ...host.readiness(),
      ...Object.fromEntries(app.get(Sources).all.map(({ source, state }) => [source, state])),
    }),
  });
  await consumeQueue(app, host, queueOf('allocator'));
  await app.init();
  const sources = app.get(Sources);
  for (const source of sources.all) void source.start();
  const runner = app.get(AllocationRunner);
  const timer = setInterval(() => runner.runInterval(), config.runIntervalMs).unref();
  const history = app.get(FunnelHistory);
  const sampling = setInterval(() => history.sample(), FUNNEL_INTERVAL_MS).unref();
  return {
    app,
    async stop(): Promise<void> {
      clearInterval(timer);
      clearInterval(sampling);
      for (const source of sources.all) source.stop();
      await app.close();
    },
  };
}
