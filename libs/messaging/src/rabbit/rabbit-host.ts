import { randomUUID } from 'node:crypto';
import { type Logger, Metrics, recordedLogger, silentTracer, type Tracer } from '@tranche/telemetry';
import type { ServiceHost } from '../service-host.js';
import { deadLetterPublication } from './dead-letters.js';
import { RabbitBus } from './rabbit-bus.js';
import { RabbitConnection } from './rabbit-connection.js';
import { type RabbitOptions, settingsOf } from './rabbit-options.js';
import { RabbitServer } from './rabbit-server.js';
import { Topology } from './topology.js';

export interface RabbitHostOptions {
  readonly service: string;
  readonly rabbit: RabbitOptions;
  readonly logger: Logger;
  readonly tracer?: Tracer;
}

/**
 * A service that talks over RabbitMQ. It connects behind its caller: until then messages wait, and readiness says so.
 */
export function rabbitHost({ service, rabbit, tracer = silentTracer, ...options }: RabbitHostOptions): ServiceHost {
  const logger = recordedLogger(options.logger, tracer);
  const settings = settingsOf(rabbit);
  const source = `${service}/${randomUUID()}`;
  const connection = new RabbitConnection(source, settings, logger);
  const topology = new Topology(settings);
  const metrics = new Metrics(service);
  const bus = new RabbitBus(source, connection, settings, logger, tracer);
  const deadLetters = metrics.counter('tranche_dead_letters_total', 'Messages that could not be handled', ['message']);
  void connection.use(bus);
  connection.start();
  return {
    ...{ service, logger, metrics, tracer, bus },
    strategy: (queue) =>
      new RabbitServer({
        ...{ connection, settings, queue, logger, tracer },
        onDeadLetter: (letter) => {
          deadLetters.inc({ message: letter.pattern });
          return bus.keepAside(deadLetterPublication(topology.deadLetters, queue, letter));
        },
      }),
    readiness: () => ({ broker: connection.state === true ? bus.state : connection.state }),
    close: async () => {
      await bus.drain();
      bus.close('the service has stopped');
      await connection.close();
    },
  };
}
