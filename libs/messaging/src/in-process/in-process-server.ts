import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { contractOf, type Partition } from '@tranche/contracts';
import { type Logger, silentTracer, type Tracer } from '@tranche/telemetry';
import { answerText, failureText } from '../answer.js';
import { invoking } from '../invoke-handler.js';
import type { MessageMetrics } from '../message-metrics.js';
import { type DeadLetter, MessageDispatcher } from '../message-dispatcher.js';
import type { Delivery, InProcessBroker } from './in-process-broker.js';

export interface InProcessServerOptions {
  readonly broker: InProcessBroker;
  /** The queue that this service consumes. */
  readonly queue: string;
  readonly logger: Logger;
  readonly tracer?: Tracer;
  readonly metrics?: MessageMetrics;
  /** Of the service's work, what comes to this queue. Default: all of it. */
  readonly partition?: Partition;
  readonly onDeadLetter?: (letter: DeadLetter) => void;
}

/** Nest's side of the in-process broker: brings the messages of one queue to the application's handlers. */
export class InProcessServer extends Server implements CustomTransportStrategy {
  private readonly dispatcher: MessageDispatcher;

  constructor(private readonly options: InProcessServerOptions) {
    super();
    this.dispatcher = new MessageDispatcher(
      invoking(this.messageHandlers, options.queue),
      options.logger,
      options.onDeadLetter ?? ((): void => undefined),
      {
        ...{ system: 'inproc', tracer: options.tracer ?? silentTracer, queue: options.queue },
        ...(options.metrics ? { metrics: options.metrics } : {}),
        ...(options.partition ? { partition: options.partition } : {}),
      },
    );
  }

  listen(callback: () => void): void {
    const { broker, queue } = this.options;
    for (const pattern of this.messageHandlers.keys()) {
      if (contractOf(pattern)?.kind === 'fact') broker.bind(queue, pattern);
    }
    broker.consume(queue, this.consumer);
    callback();
  }

  close(): void {
    this.options.broker.cancel(this.options.queue, this.consumer);
  }

  on(): never {
    throw new Error('the in-process transport has no events');
  }

  unwrap<T>(): T {
    return this.options.broker as T;
  }

  private readonly consumer = (delivery: Delivery): void => {
    if (delivery.reply === undefined) {
      void this.dispatcher.take(delivery);
      return;
    }
    const { reply } = delivery;
    this.dispatcher.answer(delivery).then(
      (value) => reply(answerText(value)),
      (error: unknown) => {
        this.options.logger.error('query could not be answered', { queue: this.options.queue, error });
        reply(failureText(error));
      },
    );
  };
}
