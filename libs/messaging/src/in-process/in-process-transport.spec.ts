import 'reflect-metadata';
import type { INestApplicationContext, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { silentLogger } from '@tranche/telemetry';
import { describePartitions } from '../partitions.conformance.js';
import { describeTransport, type KeptMessage, type TransportHarness } from '../transport.conformance.js';
import { InProcessBroker } from './in-process-broker.js';
import { InProcessBus } from './in-process-bus.js';
import { InProcessServer } from './in-process-server.js';

async function start(): Promise<TransportHarness> {
  const broker = new InProcessBroker();
  const kept: KeptMessage[] = [];
  const apps: INestMicroservice[] = [];
  return {
    deadLetters: async () => kept.splice(0),
    bus: (service, partitions = {}) => new InProcessBus(broker, service, { partitions }),
    async serve(module, queue, partition): Promise<INestApplicationContext> {
      const strategy = new InProcessServer({
        broker,
        queue,
        logger: silentLogger,
        ...(partition ? { partition } : {}),
        onDeadLetter: ({ pattern, code, finding }) => void kept.push({ pattern, code, finding }),
      });
      const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
      apps.push(app);
      await app.listen();
      return app;
    },
    async stop(): Promise<void> {
      for (const app of apps) await app.close();
    },
  };
}

describeTransport('in-process', start);
describePartitions('in-process', start);
