import type { Server } from 'node:http';
import { type Partition, PlaceTakenV1, partitionQueueOf, partitionsOf } from '@tranche/contracts';
import type { Metrics } from '@tranche/telemetry';
import type { LifeHost, RabbitProcess } from '../rabbit/rabbit-host.js';
import type { ActiveLife, Place, Standby } from '../rabbit/standby.js';
import type { ServiceHost } from '../service-host.js';
import type { LocalApp } from './partition-http.js';
import type { RelayClient } from './relay-client.js';
import { RelayServer } from './relay-server.js';
import { showWorking } from './show-owned.js';
import type { ReplicaApp } from './run-replica.js';

export interface LivesParts {
  readonly service: string;
  /** Into how many partitions the service is cut. */
  readonly count: number;
  readonly process: RabbitProcess;
  readonly client: Pick<RelayClient, 'placeTaken'>;
  /** Starts the service for one life at a partition. */
  readonly start: (host: ServiceHost) => Promise<{ readonly app: ReplicaApp; stop(): Promise<void> }>;
}

interface LocalLife extends LocalApp {
  readonly metrics: Metrics;
}

/** The lives of a service in one process: it stands in line for every partition, and lives once for each that the broker gives it. */
export class PartitionLives {
  /** Applications of the partitions that this replica works on, by index. */
  readonly local = new Map<number, LocalLife>();
  private readonly lines: readonly Standby[];

  constructor(private readonly parts: LivesParts) {
    const { service, count, process } = parts;
    this.lines = partitionsOf(count).map((partition) =>
      process.standby(partitionQueueOf(service, partition.index), (place) => this.begin(place, partition)),
    );
  }

  /** Indexes of the partitions that this replica works on, in order. */
  get owned(): readonly number[] {
    return [...this.local.keys()].toSorted((a, b) => a - b);
  }

  async start(): Promise<void> {
    await Promise.all(this.lines.map((line) => line.start()));
  }

  /** Gives a partition to the next in line. */
  async release(index: number): Promise<void> {
    await this.lines[index]?.release();
  }

  /** Ends all lives in good order: the next in line take over once their state is written. */
  async stop(): Promise<void> {
    await Promise.all(this.lines.map((line) => line.stop()));
  }

  private begin(place: Place, partition: Partition): ActiveLife {
    const { service, process, start, client } = this.parts;
    const { queue } = place;
    const { index } = partition;
    const life = process.lifeAt(place, partition);
    const served = Promise.withResolvers<Server>();
    const starting = start(withRelay(life, served.promise));
    const started = starting.then(async ({ app }) => {
      if (partition.count === 1) showWorking(life.metrics, service);
      const fastify = app.getHttpAdapter().getInstance();
      await fastify.ready();
      const server = app.getHttpServer();
      served.resolve(server);
      this.local.set(index, {
        ...{ server, metrics: life.metrics },
        listener: (request, response) => fastify.routing(request, response),
      });
      // Requests that were relayed to the one before are over: their clients come again.
      client.placeTaken({ queue, source: life.source });
      life.bus.publish(PlaceTakenV1, [{ queue, source: life.source }]);
    });
    return {
      started,
      stop: async (isOrderly) => {
        this.local.delete(index);
        if (!isOrderly) life.silence();
        await started.catch(() => undefined);
        this.local.delete(index);
        await starting.then(
          (running) => running.stop(),
          () => undefined,
        );
        await life.close();
      },
    };
  }
}

/** The partition's own queue also takes what other replicas relay. @param server the application's, once it takes requests */
function withRelay(life: LifeHost, server: Promise<Server>): ServiceHost {
  const relay = new RelayServer(life.source, life.bus, life.logger);
  return {
    ...life,
    strategy: (queue) => {
      const strategy = life.strategy(queue);
      relay.serve(strategy, server);
      return strategy;
    },
  };
}
