import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { contractOf, type Partition } from '@tranche/contracts';
import type { Logger, Tracer } from '@tranche/telemetry';
import type { MessageMetrics } from '../message-metrics.js';
import { answerText, failureText } from '../answer.js';
import { invoking } from '../invoke-handler.js';
import { type DeadLetter, type IncomingMessage, MessageDispatcher } from '../message-dispatcher.js';
import { QueueConsumer, type QueueHandler } from './queue-consumer.js';
import type { RabbitConnection } from './rabbit-connection.js';
import type { RabbitSettings } from './rabbit-options.js';
import type { Place } from './standby.js';

export interface RabbitServerOptions {
  readonly connection: RabbitConnection;
  readonly settings: RabbitSettings;
  /** The queue that this application consumes. */
  readonly queue: string;
  readonly logger: Logger;
  readonly tracer: Tracer;
  readonly metrics?: MessageMetrics;
  /** The place at the queue that the process has already; without one it takes its own. */
  readonly place?: Place;
  /** Of the service's work, what comes to this queue. Default: all of it. */
  readonly partition?: Partition;
  /** Keeps what could not be handled. */
  readonly onDeadLetter: (letter: DeadLetter) => Promise<void>;
}

/** Nest's side of RabbitMQ: brings the messages of one queue to the application's handlers. */
export class RabbitServer extends Server implements CustomTransportStrategy {
  private consumer: QueueConsumer | undefined;

  constructor(private readonly options: RabbitServerOptions) {
    super();
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    const { queue, connection, settings, logger, place } = this.options;
    try {
      if (place === undefined) {
        this.consumer = new QueueConsumer(queue, this.handler(), connection, settings, logger);
        await this.consumer.start();
      } else {
        await place.attach(this.handler());
      }
    } catch (error) {
      return callback(error);
    }
    callback();
  }

  close(): Promise<void> | undefined {
    return this.consumer?.stop();
  }

  on(): never {
    throw new Error('the RabbitMQ transport has no events');
  }

  unwrap<T>(): T {
    return this.consumer as T;
  }

  private handler(): QueueHandler {
    const { queue, logger, tracer, metrics, partition, onDeadLetter } = this.options;
    const invoke = invoking(this.messageHandlers, queue);
    const traffic = {
      ...{ system: 'rabbitmq' as const, tracer, queue },
      ...(metrics ? { metrics } : {}),
      ...(partition ? { partition } : {}),
    };
    const dispatcher = new MessageDispatcher(invoke, logger, onDeadLetter, traffic);
    const patterns = [...this.messageHandlers.keys()];
    return {
      facts: patterns.filter((pattern) => contractOf(pattern)?.kind === 'fact'),
      answersQueries: patterns.some((pattern) => contractOf(pattern)?.kind === 'query'),
      take: (message) => dispatcher.take(message),
      abandon: () => dispatcher.abandon(),
      answer: (message: IncomingMessage) =>
        dispatcher.answer(message).then(answerText, (error: unknown) => {
          logger.error('query could not be answered', { queue, error });
          return failureText(error);
        }),
    };
  }
}
