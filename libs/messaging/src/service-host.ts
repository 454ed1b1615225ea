import type { INestApplication } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { brokerOptions, ConfigOf } from '@tranche/config';
import { type Partition, type PartitionCounts, partitionQueueOf, WHOLE } from '@tranche/contracts';
import { selfOf } from '@tranche/http';
import {
  createLogger,
  type Logger,
  type LogLevel,
  Metrics,
  type RecentLog,
  recordedLogger,
  serviceTracer,
  silentTracer,
  type Tracer,
} from '@tranche/telemetry';
import { InProcessBroker } from './in-process/in-process-broker.js';
import { InProcessBus } from './in-process/in-process-bus.js';
import { InProcessServer } from './in-process/in-process-server.js';
import type { MessageBus } from './message-bus.js';
import { MessageMetrics } from './message-metrics.js';
import { type RabbitProcess, rabbitProcess } from './rabbit/rabbit-host.js';
import type { RabbitOptions } from './rabbit/rabbit-options.js';
import type { QueueDepth } from './queue-depth.js';
import { serveSelf } from './self/serve-self.js';
import { type Answering, serveTraces } from './self/serve-traces.js';

/** What a process gives to a service that runs in it: the same for a process of its own and for the local cluster. */
export interface ServiceHost {
  readonly service: string;
  /** The process that it is in, or its part of one that several services share. */
  readonly replica: string;
  readonly bus: MessageBus;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What the process has said last. */
  readonly recent: RecentLog;
  /** Makes the service's spans. */
  readonly tracer: Tracer;
  /** What this one owns of the service's work. Default: all of it. */
  readonly partition?: Partition;
  /** Into how many partitions the work of each service is cut. */
  readonly partitions?: PartitionCounts;
  /** Nest's transport for one queue; `consumeQueue` connects it. */
  strategy(queue: string): CustomTransportStrategy & Answering;
  /** False once another replica may own what this one stores; waits while that is not certain. Default: it may always. */
  mayWrite?(): Promise<boolean>;
  /** What keeps the process from talking to others, for `/readyz`: each part true or what is wrong. */
  readiness(): Readonly<Record<string, true | string>>;
  /**
   * How much waits in queues, as senders call them, and among the dead letters; one that does not exist is left out.
   *
   * @throws TransportError when the broker is away
   */
  queueDepths(queues: readonly string[]): Promise<readonly QueueDepth[]>;
  /** Sends what is still to be sent, and leaves the broker. */
  close(): Promise<void>;
}

export interface InProcessHostOptions {
  readonly service: string;
  readonly broker: InProcessBroker;
  readonly logger: Logger;
  readonly tracer?: Tracer;
  readonly partition?: Partition;
  readonly partitions?: PartitionCounts;
}

/** A service that shares its process and broker with others. */
export function inProcessHost({
  service,
  broker,
  tracer = silentTracer,
  partition = WHOLE,
  partitions = {},
  ...options
}: InProcessHostOptions): ServiceHost {
  const logger = recordedLogger(options.logger, tracer);
  const metrics = new Metrics(service);
  const messages = new MessageMetrics(metrics);
  const deadLetters = metrics.counter('tranche_dead_letters_total', 'Messages that could not be handled', ['message']);
  const bus = new InProcessBus(broker, partitionQueueOf(service, partition.index), {
    tracer,
    metrics: messages,
    partitions,
  });
  return {
    service,
    replica: bus.source.replace('/', '-'),
    logger,
    metrics,
    ...{ recent: logger.recent, tracer, partition, partitions, bus },
    strategy: (queue) =>
      new InProcessServer({
        broker,
        queue,
        logger,
        tracer,
        metrics: messages,
        partition,
        onDeadLetter: ({ pattern }) => deadLetters.inc({ message: pattern }),
      }),
    readiness: () => ({}),
    queueDepths: async (queues) => queues.flatMap((queue) => broker.depthOf(queue) ?? []),
    close: async () => undefined,
  };
}

/** The broker that a service was told to use cannot be. */
export class BrokerUrlError extends Error {
  readonly code = 'messaging/bad-broker-url';
}

/** What a process of its own is told about its broker and its logs: values of `processOptions` of `config`. */
export type HostOptions = { readonly service: string } & ConfigOf<typeof brokerOptions> & {
    readonly logLevel: LogLevel;
    readonly logFormat: 'json' | 'pretty';
    /** Memory for recent spans; 0: none are recorded. */
    readonly traceRingBytes: number;
  };

/** The host of a service that has its process for itself. @throws BrokerUrlError */
export const hostFor = (options: HostOptions): ServiceHost => processFor(options).host;

/** A process at its broker: with RabbitMQ it may be one of several replicas. @throws BrokerUrlError */
export function processFor(options: HostOptions): RabbitProcess | { readonly host: ServiceHost } {
  const { service, brokerUrl, logLevel, logFormat, traceRingBytes } = options;
  const logger = createLogger({ service, level: logLevel, format: logFormat });
  const tracer = serviceTracer(service, traceRingBytes);
  if (brokerUrl === 'inproc:')
    return { host: inProcessHost({ service, broker: new InProcessBroker(), logger, tracer }) };
  const scheme = brokerUrl.split(':')[0];
  if (!URL.canParse(brokerUrl) || (scheme !== 'amqp' && scheme !== 'amqps'))
    throw new BrokerUrlError(`broker url ${scheme}:… is not one of: inproc:, amqp://…, amqps://…`);
  return rabbitProcess({ service, rabbit: rabbitOptionsOf(options), logger, tracer });
}

function rabbitOptionsOf(options: HostOptions): RabbitOptions {
  const { brokerCa, brokerCert, brokerKey, brokerServerName } = options;
  return {
    url: options.brokerUrl,
    namespace: options.brokerNamespace,
    queueType: options.brokerQueueType,
    heartbeatSeconds: options.brokerHeartbeatSeconds,
    prefetch: options.brokerPrefetch,
    confirmWindow: options.brokerConfirmWindow,
    maxWaitingMessages: options.brokerMaxWaitingMessages,
    waitMs: options.brokerWaitMs,
    agentQueueExpiryMs: options.brokerAgentQueueExpiryMs,
    partitions: { offers: options.brokerOffersPartitions },
    tls: {
      ...(brokerCa === '' ? {} : { ca: brokerCa }),
      ...(brokerCert === '' ? {} : { cert: brokerCert, key: brokerKey }),
      ...(brokerServerName === undefined ? {} : { servername: brokerServerName }),
    },
  };
}

/** From now on the application's handlers take the messages of a queue. */
export async function consumeQueue(app: INestApplication, host: ServiceHost, queue: string): Promise<void> {
  const strategy = host.strategy(queue);
  serveTraces(strategy, host.tracer);
  const { partition = WHOLE } = host;
  const partitions = partition.count === 1 ? {} : { partitions: [partition.index] };
  serveSelf(strategy, { host, self: selfOf(app), role: () => ({ role: 'active', ...partitions }) });
  app.connectMicroservice({ strategy }, { inheritAppConfig: true });
  await app.startAllMicroservices();
}
