import type { INestApplication } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import {
  createLogger,
  type Logger,
  type LogLevel,
  Metrics,
  recordedLogger,
  ringTracer,
  silentTracer,
  type Tracer,
} from '@tranche/telemetry';
import { InProcessBroker } from './in-process/in-process-broker.js';
import { InProcessBus } from './in-process/in-process-bus.js';
import { InProcessServer } from './in-process/in-process-server.js';
import type { MessageBus } from './message-bus.js';
import { type Answering, serveTraces } from './serve-traces.js';

/** What a process gives to a service that runs in it: the same for a process of its own and for the local cluster. */
export interface ServiceHost {
  readonly service: string;
  readonly bus: MessageBus;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Makes the service's spans. */
  readonly tracer: Tracer;
  /** Nest's transport for one queue; `consumeQueue` connects it. */
  strategy(queue: string): CustomTransportStrategy & Answering;
}

export interface InProcessHostOptions {
  readonly service: string;
  readonly broker: InProcessBroker;
  readonly logger: Logger;
  readonly tracer?: Tracer;
}

/** A service that shares its process and broker with others. */
export function inProcessHost({
  service,
  broker,
  tracer = silentTracer,
  ...options
}: InProcessHostOptions): ServiceHost {
  const logger = recordedLogger(options.logger, tracer);
  const metrics = new Metrics(service);
  const deadLetters = metrics.counter('tranche_dead_letters_total', 'Messages that could not be handled', ['message']);
  return {
    service,
    logger,
    metrics,
    tracer,
    bus: new InProcessBus(broker, service, tracer),
    strategy: (queue) =>
      new InProcessServer({
        broker,
        queue,
        logger,
        tracer,
        onDeadLetter: ({ pattern }) => deadLetters.inc({ message: pattern }),
      }),
  };
}

/** The broker that a service was told to use cannot be. */
export class BrokerUrlError extends Error {
  readonly code = 'messaging/bad-broker-url';
}

export interface HostOptions {
  readonly service: string;
  /** `inproc:`. */
  readonly brokerUrl: string;
  readonly logLevel: LogLevel;
  readonly logFormat: 'json' | 'pretty';
  /** Memory for recent spans; 0: none are recorded. */
  readonly traceRingBytes: number;
}

/** The host of a service that has its process for itself. @throws BrokerUrlError */
export function hostFor({ service, brokerUrl, logLevel, logFormat, traceRingBytes }: HostOptions): ServiceHost {
  if (brokerUrl !== 'inproc:')
    throw new BrokerUrlError(`broker url ${brokerUrl.split(':')[0]}: is not one of: inproc:`);
  const logger = createLogger({ service, level: logLevel, format: logFormat });
  return inProcessHost({ service, broker: new InProcessBroker(), logger, tracer: ringTracer(service, traceRingBytes) });
}

/** From now on the application's handlers take the messages of a queue. */
export async function consumeQueue(app: INestApplication, host: ServiceHost, queue: string): Promise<void> {
  const strategy = host.strategy(queue);
  serveTraces(strategy, host.tracer);
  app.connectMicroservice({ strategy }, { inheritAppConfig: true });
  await app.startAllMicroservices();
}
