import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { INestApplicationContext, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Partition, PartitionCounts } from '@tranche/contracts';
import { type Logger, silentLogger } from '@tranche/telemetry';
import { connect, type Message } from 'amqplib';
import type { ServiceHost } from '../../service-host.js';
import type { KeptMessage, TransportHarness } from '../../transport.conformance.js';
import { rabbitHost } from '../rabbit-host.js';
import { type RabbitOptions, settingsOf } from '../rabbit-options.js';
import { Topology } from '../topology.js';

/** Applications and senders on a real RabbitMQ, in a namespace of their own that is removed at the end. */
export class RabbitHarness implements TransportHarness {
  private readonly hosts: ServiceHost[] = [];
  private readonly apps: INestMicroservice[] = [];
  private readonly queues = new Set<string>();
  private readonly namespace = `test-${randomUUID().slice(0, 8)}`;

  /** @param direct the broker itself, when `options.url` leads there by a way that tests cut */
  constructor(
    private readonly options: RabbitOptions,
    private readonly direct = options.url,
  ) {}

  /** A process of its own, as it were: with its own connection. */
  host(
    service: string,
    options: Partial<RabbitOptions> = {},
    logger: Logger = silentLogger,
    partition?: Partition,
  ): ServiceHost {
    const rabbit = { ...this.options, namespace: this.namespace, ...options };
    const host = rabbitHost({ service, rabbit, logger, ...(partition ? { partition } : {}) });
    this.hosts.push(host);
    return host;
  }

  bus(service: string, partitions: PartitionCounts = {}): ServiceHost['bus'] {
    return this.host(service, { partitions }).bus;
  }

  serve(module: new () => object, queue: string, partition?: Partition): Promise<INestApplicationContext> {
    return this.serveBy(this.host('consumer', {}, silentLogger, partition), module, queue);
  }

  /** As `serve`, in a process of its own. */
  async serveBy(host: ServiceHost, module: new () => object, queue: string): Promise<INestApplicationContext> {
    this.queues.add(queue);
    const app = await NestFactory.createMicroservice(module, { strategy: host.strategy(queue), logger: false });
    this.apps.push(app);
    await app.listen();
    return app;
  }

  async deadLetters(): Promise<KeptMessage[]> {
    const messages = await this.drain(this.topology.deadLetters);
    return messages.map(({ properties: { headers = {}, type } }) => ({
      pattern: String(type),
      code: String(headers['x-tranche-code']),
      finding: String(headers['x-tranche-finding']),
    }));
  }

  /** Takes out what is in a queue of this namespace. @param queue as the mesh calls it */
  async messagesIn(queue: string): Promise<Message[]> {
    return this.drain(this.topology.queue(queue));
  }

  async stop(): Promise<void> {
    for (const app of this.apps) await app.close();
    for (const host of this.hosts) await host.close();
    const model = await connect(this.direct);
    const channel = await model.createChannel();
    for (const queue of this.queues) {
      await channel.deleteQueue(this.topology.queue(queue));
      await channel.deleteQueue(this.topology.queries(queue));
    }
    await channel.deleteQueue(this.topology.deadLetters);
    await channel.deleteExchange(this.topology.deadLetters);
    await channel.deleteExchange(this.topology.facts);
    await model.close();
  }

  private get topology(): Topology {
    return new Topology(settingsOf({ ...this.options, namespace: this.namespace }));
  }

  private async drain(queue: string): Promise<Message[]> {
    const model = await connect(this.direct);
    const channel = await model.createChannel();
    const found: Message[] = [];
    for (;;) {
      const message = await channel.get(queue, { noAck: true });
      if (message === false) break;
      found.push(message);
    }
    await model.close();
    return found;
  }
}
