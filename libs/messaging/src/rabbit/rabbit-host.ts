import { randomUUID } from 'node:crypto';
import { type Partition, WHOLE } from '@tranche/contracts';
import { type Logger, Metrics, recordedLogger, silentTracer, type Tracer } from '@tranche/telemetry';
import { MessageMetrics } from '../message-metrics.js';
import { PauseWatch } from '../replica/pause-watch.js';
import type { ServiceHost } from '../service-host.js';
import { deadLetterPublication } from './dead-letters.js';
import { QueueDepths } from './queue-depths.js';
import { RabbitBus } from './rabbit-bus.js';
import { RabbitConnection } from './rabbit-connection.js';
import { type RabbitOptions, type RabbitSettings, settingsOf } from './rabbit-options.js';
import { RabbitServer } from './rabbit-server.js';
import { type ActiveLife, type Place, Standby } from './standby.js';
import { Topology } from './topology.js';

export interface RabbitHostOptions {
  readonly service: string;
  readonly rabbit: RabbitOptions;
  readonly logger: Logger;
  readonly tracer?: Tracer;
  /** What the process owns of the service's work, whatever its lives own. Default: all of it. */
  readonly partition?: Partition;
}

/** A process at the broker: one connection, over which it may have several lives as the active one of a queue. */
export interface RabbitProcess {
  /** What the process says and hears for itself, whoever is active. */
  readonly host: ServiceHost;
  /** One life of the sender, as it signs its messages. */
  readonly source: string;
  /**
   * The host of one life at a place: with its own source, count of facts, metrics, and a bus that falls silent with it.
   *
   * @param partition what it owns of the service's work; default all of it
   */
  lifeAt(place: Place, partition?: Partition): LifeHost;
  standby(queue: string, begin: (place: Place) => ActiveLife): Standby;
}

export interface LifeHost extends ServiceHost {
  readonly source: string;
  /** Says nothing more, whatever waits to be said. */
  silence(): void;
}

interface Shared {
  readonly service: string;
  readonly processId: string;
  readonly settings: RabbitSettings;
  readonly connection: RabbitConnection;
  readonly logger: ReturnType<typeof recordedLogger>;
  readonly tracer: Tracer;
  readonly depths: QueueDepths;
}

/**
 * A service that talks over RabbitMQ. It connects behind its caller: until then messages wait, and readiness says so.
 */
export const rabbitHost = (options: RabbitHostOptions): ServiceHost => rabbitProcess(options).host;

/** A process that can stand in line for queues. It connects behind its caller. */
export function rabbitProcess({
  service,
  rabbit,
  tracer = silentTracer,
  partition = WHOLE,
  ...options
}: RabbitHostOptions): RabbitProcess {
  const logger = recordedLogger(options.logger, tracer);
  const settings = settingsOf(rabbit);
  const connection = new RabbitConnection(`${service}/${randomUUID()}`, settings, logger);
  const depths = new QueueDepths(connection, new Topology(settings));
  const shared: Shared = { service, processId: randomUUID(), settings, connection, logger, tracer, depths };
  const own = hostOver(shared, undefined, partition);
  connection.start();
  return {
    source: own.source,
    lifeAt: (place, partition) => hostOver(shared, place, partition),
    standby: (queue, begin) => new Standby(queue, connection, settings, logger, begin),
    host: {
      ...own,
      close: async () => {
        await own.close();
        await connection.close();
      },
    },
  };
}

function hostOver(shared: Shared, place: Place | undefined, partition: Partition = WHOLE): LifeHost {
  const { service, processId, settings, connection, logger, tracer, depths } = shared;
  const topology = new Topology(settings);
  const metrics = new Metrics(service, partition.count === 1 ? undefined : partition.index);
  const source = place === undefined ? `${service}/${processId}` : `${place.queue}/${randomUUID()}`;
  const messages = new MessageMetrics(metrics);
  const bus = new RabbitBus(source, connection, settings, logger, { system: 'rabbitmq', tracer, metrics: messages });
  const deadLetters = metrics.counter('tranche_dead_letters_total', 'Messages that could not be handled', ['message']);
  const using = connection.use(bus);
  // The broker takes a place away after two heartbeats at the earliest.
  const pauses = new PauseWatch(settings.heartbeatSeconds * 1_000);
  let isSilenced = false;
  return {
    ...{ service, source, logger, metrics, tracer, bus, partition, partitions: settings.partitions },
    ...{ replica: `${service}-${processId}`, recent: logger.recent },
    queueDepths: (queues) => depths.read(queues),
    strategy: (queue) =>
      new RabbitServer({
        ...{ connection, settings, queue, logger, tracer, metrics: messages },
        partition,
        ...(place?.queue === queue ? { place } : {}),
        onDeadLetter: (letter) => {
          deadLetters.inc({ message: letter.pattern });
          return bus.keepAside(deadLetterPublication(topology.deadLetters, queue, letter));
        },
      }),
    readiness: () => ({ broker: connection.state === true ? bus.state : connection.state }),
    mayWrite: async () => {
      if (place !== undefined) await pauses.untilSteady();
      return !isSilenced;
    },
    silence: () => {
      isSilenced = true;
      pauses.stop();
      bus.close('another replica may be active');
      void using.then((release) => release());
    },
    close: async () => {
      await bus.drain();
      pauses.stop();
      bus.close('the service has stopped');
      (await using)();
    },
  };
}
