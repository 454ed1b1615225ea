import type { Server } from 'node:http';
import type { AuthSettings, Setting, TlsSettings } from '@tranche/config';
import { PlaceTakenV1, partitionQueueOf, RelayChunksV1, ReplicaSeenV1, replicaQueueOf } from '@tranche/contracts';
import { firewallOf } from '@tranche/http';
import type { MessageContext } from '../message-bus.js';
import type { RabbitProcess } from '../rabbit/rabbit-host.js';
import { type Answerer, serveSelf } from '../self/serve-self.js';
import { Front, type FrontParts, type Listener } from './front.js';
import { PartitionHttp } from './partition-http.js';
import { type LivesParts, PartitionLives } from './partition-lives.js';
import { RelayClient } from './relay-client.js';
import { ReplicaWatch } from './replica-watch.js';
import type { Router } from './router.js';
import { showOwned } from './show-owned.js';

/** What a replica needs of the application of a service. */
export interface ReplicaApp {
  getHttpServer(): Server;
  getHttpAdapter(): { getInstance(): { routing: Listener; ready(): PromiseLike<unknown> } };
}

export interface ReplicaOptions {
  readonly service: string;
  /** Into how many partitions its work is cut; with more than one it needs a router. */
  readonly count: number;
  readonly router?: Router;
  readonly process: RabbitProcess;
  readonly address: { readonly host: string; readonly port: number };
  readonly tls: TlsSettings;
  /** What it answers nobody, itself as its application. */
  readonly auth: Pick<AuthSettings, 'authFirewallRules'>;
  readonly onListening?: (url: string) => void;
  /** Every option of the process, with its value and origin. */
  readonly settings?: readonly Setting[];
  /** Starts the service for one life as the one that works on a partition. */
  readonly start: LivesParts['start'];
}

/**
 * One replica of a service: it stands in line for the service's queues, and serves HTTP from the first moment.
 *
 * @returns stops it: the next in line takes over once its state is written
 * @throws TypeError when a service without a router is cut
 */
export async function runReplica(options: ReplicaOptions): Promise<() => Promise<void>> {
  const { service, count, process, address } = options;
  const { host } = process;
  const replicaId = host.replica;
  const client = new RelayClient(replicaId, host.bus, host.logger);
  const lives = new PartitionLives({ service, count, process, client, start: options.start });
  const watch = new ReplicaWatch({
    ...{ service, replicaId, count, bus: host.bus, logger: host.logger },
    owned: () => lives.owned,
    release: (index) => lives.release(index),
  });
  showOwned(host.metrics, { service, count, local: lives.local });
  const front = new Front(
    {
      service,
      ...(count === 1 ? wholeFront(options, lives, client) : cutFront(options, lives, client)),
      disabled: firewallOf(options.auth, 'cluster'),
      readiness: () => watch.readiness(host),
      metrics: () => [host.metrics, ...Array.from(lives.local.values(), ({ metrics }) => metrics)],
    },
    { tls: options.tls, logger: host.logger, metrics: host.metrics },
  );
  const url = await front.listen(address);
  host.logger.info('serving', { address: url });
  options.onListening?.(url);
  const self = { settings: options.settings ?? [], readiness: async () => watch.readiness(host) };
  const role = () => roleOf(lives.owned, count);
  const hearing = await hearRelays(process, { host, self, role }, client, watch);
  await lives.start();
  watch.start();
  return async () => {
    watch.stop();
    front.stopListening();
    await lives.stop();
    await hearing();
    front.close();
  };
}

/** The application of the one life answers everything, health and metrics included; one that waits relays to it. */
const wholeFront = (
  { service }: ReplicaOptions,
  lives: PartitionLives,
  client: RelayClient,
): Pick<FrontParts, 'whole' | 'owned' | 'serve'> => ({
  whole: () => lives.local.get(0)?.listener,
  owned: () => [],
  serve: (request, response) => void client.relay(partitionQueueOf(service, 0), request, response),
});

function cutFront(
  { service, count, router, process }: ReplicaOptions,
  lives: PartitionLives,
  client: RelayClient,
): Pick<FrontParts, 'whole' | 'owned' | 'serve'> {
  if (router === undefined) throw new TypeError(`${service} cannot be cut into ${count} partitions`);
  const { logger } = process.host;
  const http = new PartitionHttp({ service, count, router, client, logger, local: lives.local });
  return {
    whole: () => undefined,
    owned: () => Array.from(lives.local, ([index, { server }]) => ({ index, server })),
    serve: (request, response) => void http.serve(request, response),
  };
}

/** What a replica does as a process, whatever its lives do. */
function roleOf(owned: readonly number[], count: number): ReturnType<Answerer['role']> {
  const role = owned.length > 0 ? 'active' : 'standby';
  return count === 1 ? { role } : { role, partitions: [...owned] };
}

/** The replica's own queue: what is relayed back to its clients, who owns the service now, what other replicas work on, and what it is itself. */
async function hearRelays(
  process: RabbitProcess,
  answerer: Answerer,
  client: RelayClient,
  watch: ReplicaWatch,
): Promise<() => Promise<void>> {
  const strategy = process.host.strategy(replicaQueueOf(process.host.replica));
  serveSelf(strategy, answerer);
  strategy.addHandler(
    RelayChunksV1.pattern,
    async (items: never, { source }: MessageContext) => client.take(items, source),
    true,
  );
  strategy.addHandler(
    PlaceTakenV1.pattern,
    async (items: never[]) => {
      for (const item of items) client.placeTaken(item);
    },
    true,
  );
  strategy.addHandler(ReplicaSeenV1.pattern, async (items: never[]) => watch.heard(items), true);
  await new Promise<void>((resolve, reject) => {
    strategy.listen((error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  return async () => {
    await strategy.close();
  };
}
