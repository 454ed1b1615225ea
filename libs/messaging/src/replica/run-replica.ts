import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { PlaceTakenV1, RelayChunksV1, replicaQueueOf } from '@tranche/contracts';
import type { LifeHost, RabbitProcess } from '../rabbit/rabbit-host.js';
import type { ActiveLife, Place } from '../rabbit/standby.js';
import type { ServiceHost } from '../service-host.js';
import { Front, type Listener } from './front.js';
import { RelayClient } from './relay-client.js';
import { RelayServer } from './relay-server.js';

/** What a replica needs of the application of a service. */
export interface ReplicaApp {
  getHttpServer(): Server;
  getHttpAdapter(): { getInstance(): { routing: Listener; ready(): PromiseLike<unknown> } };
}

export interface ReplicaOptions {
  readonly service: string;
  readonly queue: string;
  readonly process: RabbitProcess;
  readonly address: { readonly host: string; readonly port: number };
  readonly onListening?: (url: string) => void;
  /** Starts the service for one life as the active replica. */
  readonly start: (host: ServiceHost) => Promise<{ readonly app: ReplicaApp; stop(): Promise<void> }>;
}

/**
 * One replica of a service: it stands in line for the service's queue, and serves HTTP from the first moment.
 *
 * @returns stops it: the next in line takes over once its state is written
 */
export async function runReplica(options: ReplicaOptions): Promise<() => Promise<void>> {
  const { service, queue, process, address } = options;
  const { host } = process;
  const replicaId = process.source.replace('/', '-');
  const client = new RelayClient(replicaId, host.bus, host.logger);
  let active: Listener | undefined;
  showActive(host, service, 0);

  const begin = (place: Place): ActiveLife => {
    const life = process.lifeAt(place);
    const server = Promise.withResolvers<Server>();
    const starting = options.start(withRelay(life, server.promise));
    const started = starting.then(async ({ app }) => {
      showActive(life, service, 1);
      const fastify = app.getHttpAdapter().getInstance();
      await fastify.ready();
      server.resolve(app.getHttpServer());
      active = (request, response) => fastify.routing(request, response);
      // Requests that were relayed to the one before are over: their clients come again.
      client.placeTaken({ queue, source: life.source });
      life.bus.publish(PlaceTakenV1, [{ queue, source: life.source }]);
    });
    return {
      started,
      stop: async (isOrderly) => {
        active = undefined;
        if (!isOrderly) life.silence();
        await started.catch(() => undefined);
        active = undefined;
        await starting.then(
          (running) => running.stop(),
          () => undefined,
        );
        await life.close();
      },
    };
  };

  const standby = process.standby(queue, begin);
  const front = new Front({
    service,
    active: () => active,
    relay: (request: IncomingMessage, response: ServerResponse) => void client.relay(queue, request, response),
    readiness: () => host.readiness(),
    metrics: host.metrics,
  });
  const url = await front.listen(address);
  host.logger.info('serving', { address: url });
  options.onListening?.(url);
  const hearing = await hearRelays(process, replicaId, client);
  await standby.start();
  return async () => {
    front.stopListening();
    await standby.stop();
    await hearing();
    front.close();
  };
}

/** The service's own queue also takes what other replicas relay. @param server the application's, once it takes requests */
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

/** The replica's own queue: what is relayed back to its clients, and who owns the service now. */
async function hearRelays(
  process: RabbitProcess,
  replicaId: string,
  client: RelayClient,
): Promise<() => Promise<void>> {
  const strategy = process.host.strategy(replicaQueueOf(replicaId));
  strategy.addHandler(RelayChunksV1.pattern, async (items: never) => client.take(items), true);
  strategy.addHandler(
    PlaceTakenV1.pattern,
    async (items: never[]) => {
      for (const item of items) client.placeTaken(item);
    },
    true,
  );
  await new Promise<void>((resolve, reject) => {
    strategy.listen((error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  return async () => {
    await strategy.close();
  };
}

/** `tranche_allocator_active`: which replica works. A service that shows it itself shows it while it works. */
function showActive({ metrics }: Pick<ServiceHost, 'metrics'>, service: string, value: 0 | 1): void {
  const name = `tranche_${service}_active`;
  if (metrics.registry.getSingleMetric(name) !== undefined) return;
  metrics.gauge(name, 'Whether this replica is the one that works on the queue').set(value);
}
