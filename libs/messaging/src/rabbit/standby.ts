import type { Logger } from '@tranche/telemetry';
import type { ChannelModel } from 'amqplib';
import type { IncomingMessage } from '../message-dispatcher.js';
import { QueueConsumer, type QueueHandler } from './queue-consumer.js';
import type { ConnectionUser, RabbitConnection } from './rabbit-connection.js';
import type { RabbitSettings } from './rabbit-options.js';

/** How often a replica that waits asks whether it is its turn: the longest time a queue is without an owner after the one before has gone. */
const PROBE_MS = 250;

/** What runs while a replica is the active one. */
export interface ActiveLife {
  /** Settles when the service works. When it rejects, the place is given up. */
  readonly started: Promise<void>;
  /** Ends it. @param isOrderly false when the place was lost: then nothing of it may be said or written any more */
  stop(isOrderly: boolean): Promise<void>;
}

/** The active replica's hold on its queue: its application attaches the handlers. */
export interface Place {
  readonly queue: string;
  attach(handler: QueueHandler): Promise<void>;
}

/**
 * A replica's place in the line for a queue.
 *
 * The broker hands messages to one consumer of the queue alone. The first that comes here, be it our own probe, means that it is our turn: only then
 * the service is started, from its database and the others' snapshots. Messages wait for it. When the connection is lost so is the place, and the life ends:
 * somebody else may have it already.
 */
export class Standby implements ConnectionUser, QueueHandler {
  readonly facts: readonly string[] = [];
  readonly answersQueries = false;
  private readonly consumer: QueueConsumer;
  private attached = Promise.withResolvers<QueueHandler>();
  private handler: QueueHandler | undefined;
  private life: ActiveLife | undefined;
  private ending: Promise<void> = Promise.resolve();
  private probing: NodeJS.Timeout | undefined;
  private unuse: (() => void) | undefined;
  private model: ChannelModel | undefined;
  private isLeaving = false;
  private inHand = 0;
  private idle: (() => void) | undefined;

  /** @param begin starts the service; called for each time that this replica is elected */
  constructor(
    readonly queue: string,
    private readonly connection: RabbitConnection,
    settings: RabbitSettings,
    private readonly logger: Logger,
    private readonly begin: (place: Place) => ActiveLife,
  ) {
    this.consumer = new QueueConsumer(queue, this, connection, settings, logger);
  }

  get isElected(): boolean {
    return this.life !== undefined;
  }

  async start(): Promise<void> {
    this.unuse = await this.connection.use(this);
  }

  async opened(model: ChannelModel): Promise<void> {
    await this.ending;
    this.model = model;
    await this.consumer.opened(model);
    this.probing = setInterval(() => this.probe(), PROBE_MS);
    this.probe();
  }

  lost(): void {
    this.model = undefined;
    clearInterval(this.probing);
    this.consumer.lost();
    this.abandonInHand();
    this.ending = this.end(false);
  }

  elected(): void {
    if (this.life !== undefined || this.isLeaving) return;
    clearInterval(this.probing);
    this.logger.info('active on its queue', { queue: this.queue });
    // A life that is lost while it starts goes on for a moment: what it attaches then must not get the messages of the next one.
    const { attached } = this;
    const life = this.begin({ queue: this.queue, attach: (handler) => this.attach(handler, attached) });
    this.life = life;
    life.started.catch((error: unknown) => {
      if (this.life !== life) return;
      this.logger.error('cannot become active', { queue: this.queue, error });
      this.connection.reset('the service could not be started');
    });
  }

  private async attach(handler: QueueHandler, attached: PromiseWithResolvers<QueueHandler>): Promise<void> {
    if (attached !== this.attached) return handler.abandon?.();
    await this.consumer.extend(handler);
    if (attached !== this.attached) return handler.abandon?.();
    this.handler = handler;
    attached.resolve(handler);
  }

  async take(message: IncomingMessage): Promise<void> {
    // What comes while we leave is for the next: it is not acknowledged.
    if (this.isLeaving) return new Promise(() => undefined);
    const { attached } = this;
    this.inHand++;
    try {
      const handler = await attached.promise;
      await handler.take(message);
    } finally {
      // What was lost with the place is nobody's any more.
      if (attached === this.attached) this.finished();
    }
  }

  async answer(message: IncomingMessage): Promise<string> {
    const handler = await this.attached.promise;
    return handler.answer(message);
  }

  /** Finishes what it has in hand, ends its life in good order, and only then lets the next one begin. */
  async stop(): Promise<void> {
    this.unuse?.();
    await this.leave();
  }

  /** Gives its place to the next in line, in good order, and goes to the end of the line. */
  async release(): Promise<void> {
    if (this.life === undefined || this.isLeaving) return;
    const { model } = this;
    await this.leave();
    this.isLeaving = false;
    if (this.model === undefined) return;
    if (this.model === model) await this.opened(model);
    // What the new connection has brought meanwhile was not begun: it shall come again.
    else this.connection.reset(`the place at ${this.queue} was lost while it was given up`);
  }

  private async leave(): Promise<void> {
    const { model } = this;
    this.isLeaving = true;
    clearInterval(this.probing);
    if (this.life !== undefined && this.inHand > 0) {
      await new Promise<void>((resolve) => {
        this.idle = resolve;
      });
    }
    await this.end(true);
    if (this.model === model) await this.consumer.leave();
  }

  private finished(): void {
    this.inHand--;
    if (this.inHand === 0) this.idle?.();
  }

  /** Messages of a lost life would fail one after the other, each after all its tries, and keep us from leaving for so long. */
  private abandonInHand(): void {
    this.handler?.abandon?.();
    this.handler = undefined;
    this.inHand = 0;
    this.idle?.();
  }

  private probe(): void {
    if (this.life === undefined) this.consumer.probe(PROBE_MS);
  }

  private async end(isOrderly: boolean): Promise<void> {
    const { life } = this;
    this.life = undefined;
    this.attached = Promise.withResolvers();
    if (life === undefined) return this.ending;
    try {
      await life.stop(isOrderly);
      this.logger.info('no longer active on its queue', { queue: this.queue });
    } catch (error) {
      this.logger.warn('ended with an error', { queue: this.queue, error });
    }
  }
}
