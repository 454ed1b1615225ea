import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { queueOf } from '@tranche/contracts';
import { createHttpApp } from '@tranche/http';
import type { ServiceHost } from '@tranche/messaging';
import { AllocatorModule } from './app.module.js';
import type { AllocatorConfig } from './allocator.config.js';
import { AllocationRunner } from './runs/allocation-runner.js';
import { Sources } from './sync/sources.js';

/** A service that consumes its queue and can listen. */
export interface RunningService {
  readonly app: NestFastifyApplication;
  stop(): Promise<void>;
}

/** Starts the allocator: consumes its queue, fetches the other services' snapshots as soon as they answer, runs. It stores nothing. */
export async function startAllocator(options: {
  readonly config: AllocatorConfig;
  readonly host: ServiceHost;
}): Promise<RunningService> {
  const { config, host } = options;
  const authority = new URL(config.publicUrl).host;
  const app: NestFastifyApplication = await createHttpApp(AllocatorModule.forRoot(config, host), {
    service: 'allocator',
    logger: host.logger,
    metrics: host.metrics,
    paths: 'cluster',
    locate: () => authority,
    readiness: async () =>
      Object.fromEntries(
        app.get(Sources).all.map(({ source, isCaughtUp }) => [source, isCaughtUp || `no snapshot of ${source} yet`]),
      ),
  });
  app.connectMicroservice({ strategy: host.strategy(queueOf('allocator')) }, { inheritAppConfig: true });
  await app.startAllMicroservices();
  await app.init();
  const sources = app.get(Sources);
  for (const source of sources.all) source.start();
  const runner = app.get(AllocationRunner);
  const timer = setInterval(() => runner.runInterval(), config.runIntervalMs).unref();
  return {
    app,
    async stop(): Promise<void> {
      clearInterval(timer);
      for (const source of sources.all) source.stop();
      await app.close();
    },
  };
}
