import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Logger } from '@tranche/telemetry';
import type { IncomingMessage } from '../message-dispatcher.js';
import type { ConnectionUser, RabbitConnection } from './rabbit-connection.js';
import type { RabbitSettings } from './rabbit-options.js';
import { Topology } from './topology.js';

/** How long a service waits for the broker before it starts without. */
const FIRST_PLACE_MS = 10_000;

/** Where the messages of a queue go. */
export interface QueueHandler {
  /** Patterns of the facts that the queue shall get. */
  readonly facts: readonly string[];
  /** Whether anybody asks here. */
  readonly answersQueries: boolean;
  /** @returns when the message has been handled or put aside: in the order of the calls */
  take(message: IncomingMessage): Promise<void>;
  /** @returns the text of the answer; never rejects */
  answer(message: IncomingMessage): Promise<string>;
  /** The place at the queue is lost, and the messages in hand with it: none of them is begun. */
  abandon?(): void;
  /** The broker has handed something out: this consumer is the active one. */
  elected?(): void;
}

/** Type of a message without content, by which a consumer that waits learns that it has become the active one. */
const PROBE = 'tranche.probe';

/**
 * One process's place at a queue: active or waiting, as the broker says.
 *
 * A message is acknowledged after it has been handled; as they are handled in order, the acknowledgements of one turn of the event loop travel as one.
 */
export class QueueConsumer implements ConnectionUser {
  private model: ChannelModel | undefined;
  private channel: Channel | undefined;
  private queries: Channel | undefined;
  private consumerTag = '';
  private handled: ConsumeMessage | undefined;
  private isAckScheduled = false;
  private unhandled = 0;
  private drained: PromiseWithResolvers<void> | undefined;
  private readonly placed = Promise.withResolvers<void>();
  private release: (() => void) | undefined;
  private readonly topology: Topology;

  constructor(
    readonly queue: string,
    private readonly handler: QueueHandler,
    private readonly connection: RabbitConnection,
    private readonly settings: RabbitSettings,
    private readonly logger: Logger,
  ) {
    this.topology = new Topology(settings);
  }

  /** For readiness: true, or what is waited for. */
  get state(): true | string {
    return this.channel !== undefined || `queue ${this.queue} is not consumed`;
  }

  /**
   * Takes its place at the queue, now and after each loss of the connection.
   *
   * @returns when it has it for the first time, or after 10 s without a broker: then it goes on trying behind its caller
   */
  async start(): Promise<void> {
    this.release = await this.connection.use(this);
    const isPlaced = await Promise.race([
      this.placed.promise.then(() => true),
      sleep(FIRST_PLACE_MS, false, { ref: false }),
    ]);
    if (!isPlaced) this.logger.warn('the queue is not consumed yet', { queue: this.queue });
  }

  async opened(model: ChannelModel): Promise<void> {
    const { topology } = this;
    const queue = topology.queue(this.queue);
    const channel = await this.openChannel(model);
    await channel.prefetch(this.settings.prefetch);
    await channel.assertQueue(queue, topology.queueOptions(this.queue));
    for (const pattern of this.handler.facts) await channel.bindQueue(queue, topology.facts, pattern);
    if (this.handler.answersQueries) await this.consumeQueries(model);
    this.channel = channel;
    this.model = model;
    const { consumerTag } = await channel.consume(queue, (message) => this.deliver(channel, message));
    this.consumerTag = consumerTag;
    this.placed.resolve();
  }

  lost(): void {
    this.model = undefined;
    this.channel = undefined;
    this.queries = undefined;
    this.handled = undefined;
  }

  /** Asks the broker to hand something to whoever is active here. @param expiryMs after which nobody needs it any more */
  probe(expiryMs: number): void {
    const content = Buffer.alloc(0);
    const options = { type: PROBE, persistent: false, expiration: expiryMs };
    this.channel?.publish('', this.topology.queue(this.queue), content, options);
  }

  /** Brings the queue what its handler, known only now, wants. */
  async extend({ facts, answersQueries }: Pick<QueueHandler, 'facts' | 'answersQueries'>): Promise<void> {
    const { channel, model } = this;
    if (channel === undefined || model === undefined) return;
    for (const pattern of facts) {
      await channel.bindQueue(this.topology.queue(this.queue), this.topology.facts, pattern);
    }
    if (answersQueries) await this.consumeQueries(model);
  }

  /** Leaves its place at once: what is not acknowledged yet goes to the next. */
  async leave(): Promise<void> {
    this.release?.();
    const { channel, queries } = this;
    this.acknowledge();
    this.lost();
    await Promise.all([queries?.close(), channel?.close()].map(async (closing) => closing?.catch(() => undefined)));
  }

  /** Takes no more, finishes what it has, and leaves its place to the next. */
  async stop(): Promise<void> {
    this.release?.();
    const { channel, queries } = this;
    if (channel === undefined) return;
    try {
      await channel.cancel(this.consumerTag);
      if (this.unhandled > 0) {
        this.drained = Promise.withResolvers();
        await this.drained.promise;
      }
      this.acknowledge();
      await queries?.close();
      await channel.close();
    } catch (error) {
      this.logger.debug('the queue was lost while it was left', { queue: this.queue, error });
    }
    this.lost();
  }

  private async openChannel(model: ChannelModel): Promise<Channel> {
    const channel = await model.createChannel();
    channel.on('error', (error) => this.connection.reset(`channel of queue ${this.queue} was closed`, error));
    return channel;
  }

  private async consumeQueries(model: ChannelModel): Promise<void> {
    const queries = this.topology.queries(this.queue);
    const channel = await this.openChannel(model);
    await channel.assertQueue(queries, this.topology.queriesOptions(this.queue));
    await channel.consume(queries, (message) => void this.reply(channel, message), { noAck: true });
    this.queries = channel;
  }

  private deliver(channel: Channel, message: ConsumeMessage | null): void {
    if (message === null) {
      // The broker ends the consumer: the queue was deleted, or its node went away.
      if (this.channel === channel) this.connection.reset(`queue ${this.queue} was taken away`);
      return;
    }
    this.handler.elected?.();
    if (message.properties.type === PROBE) {
      channel.ack(message);
      return;
    }
    this.unhandled++;
    void this.handler
      .take(incoming(message))
      .then(
        () => this.done(channel, message),
        (error: unknown) => {
          // Neither handled nor kept aside: it comes again.
          if (this.channel === channel) this.connection.reset('a message could not be kept aside', error);
        },
      )
      .finally(() => {
        this.unhandled--;
        if (this.unhandled === 0) this.drained?.resolve();
      });
  }

  private done(channel: Channel, message: ConsumeMessage): void {
    if (this.channel !== channel) return;
    this.handled = message;
    if (this.isAckScheduled) return;
    this.isAckScheduled = true;
    setImmediate(() => {
      this.isAckScheduled = false;
      this.acknowledge();
    });
  }

  private acknowledge(): void {
    if (this.handled !== undefined) this.channel?.ack(this.handled, true);
    this.handled = undefined;
  }

  private async reply(channel: Channel, message: ConsumeMessage | null): Promise<void> {
    if (message === null) return;
    const { replyTo, correlationId } = message.properties as { replyTo?: string; correlationId?: string };
    const text = await this.handler.answer(incoming(message));
    if (this.queries !== channel || replyTo === undefined || correlationId === undefined) return;
    channel.publish('', replyTo, Buffer.from(text), { correlationId, contentType: 'application/json' });
  }
}

function incoming({ content, properties, fields: { redelivered } }: ConsumeMessage): IncomingMessage {
  return { body: content.toString(), headers: properties.headers ?? {}, redelivered };
}
