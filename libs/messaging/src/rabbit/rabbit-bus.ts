import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CommandContract,
  contractOf,
  type Envelope,
  type FactContract,
  type FactNumbers,
  type QueryContract,
} from '@tranche/contracts';
import { activeTrace, injectTrace, type Logger, preciseNowMs, silentTracer, systemClock } from '@tranche/telemetry';
import type { Channel, ChannelModel } from 'amqplib';
import { type AskOptions, MessageBus } from '../message-bus.js';
import { TransportError } from '../messaging.errors.js';
import { answerOf } from '../answer.js';
import { Outbox, type OutgoingMessage, type Traffic } from '../outbox/outbox.js';
import { sentAll, spread } from '../spread.js';
import { ChannelRing } from './channel-ring.js';
import type { ConnectionUser, RabbitConnection } from './rabbit-connection.js';
import { RabbitAsker } from './rabbit-asker.js';
import type { RabbitSettings } from './rabbit-options.js';
import { RabbitPublisher } from './rabbit-publisher.js';
import type { Publication } from './rabbit-publisher.js';
import { Topology } from './topology.js';

const DEFAULT_TIMEOUT_MS = 5_000;
/** What is said within it after a departure shares the next one: a message costs its sender, the broker and each receiver as much as ten more items. */
const DEPARTURE_INTERVAL_MS = 5;
/** The broker writes a queue that is declared to its disk: over one channel each waits for the one before, over several they share the wait. */
const DECLARING_CHANNELS = 16;
/** How long a process that ends waits for the broker to take what it has said. */
const DRAIN_MS = 3_000;

/** One sender's way out to RabbitMQ: its own source, count of facts, and order. */
export class RabbitBus extends MessageBus implements ConnectionUser {
  private readonly outbox: Outbox;
  private readonly publisher: RabbitPublisher;
  private readonly topology: Topology;
  private readonly asker: RabbitAsker;
  /** Of the connection that there is. */
  private declaring: ChannelRing | undefined;
  private awaited: PromiseWithResolvers<ChannelRing> | undefined;
  private readonly restored = new Set<() => void>();
  private wasLost = false;

  /** @param source one life of the sender, `offers/1f6c…` */
  constructor(
    readonly source: string,
    private readonly connection: RabbitConnection,
    private readonly settings: RabbitSettings,
    private readonly logger: Logger,
    traffic: Traffic = { system: 'rabbitmq', tracer: silentTracer },
  ) {
    super();
    this.topology = new Topology(settings);
    this.asker = new RabbitAsker(this.topology);
    this.publisher = new RabbitPublisher(settings, systemClock, (reason) => connection.reset(reason));
    this.outbox = new Outbox(source, (message) => this.dispatch(message), traffic, DEPARTURE_INTERVAL_MS);
  }

  /** For readiness: true, or what is wrong. */
  get state(): true | string {
    return this.publisher.state;
  }

  /** Messages that the broker has not confirmed yet. */
  get backlog(): number {
    return this.publisher.backlog;
  }

  publish<I>(contract: FactContract<I>, items: readonly I[]): void {
    this.outbox.add(contract, undefined, items).catch((error: unknown) => {
      // Listeners see the gap in the numbers and ask for a snapshot.
      this.logger.warn('facts were not stated', { pattern: contract.pattern, items: items.length, error });
    });
  }

  send<I>(contract: CommandContract<I>, queue: string, items: readonly I[]): Promise<void> {
    const parts = spread(contract, queue, items, this.settings.partitions);
    return sentAll(parts.map(([target, own]) => this.outbox.add(contract, target, own)));
  }

  async ask<Q, R>(contract: QueryContract<Q, R>, queue: string, request: Q, options: AskOptions = {}): Promise<R> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
    const { pattern } = contract;
    const envelope: Envelope = {
      ...{ id: randomUUID(), pattern, source: this.source, sequence: 0 },
      ...{ time: new Date().toISOString(), items: [request] },
    };
    const text = await this.asker.ask({
      ...{ pattern, queue, timeoutMs, signal, body: Buffer.from(JSON.stringify(envelope)) },
      headers: injectTrace({ parent: activeTrace(), links: [], sentMs: preciseNowMs() }),
    });
    return contract.parseResponse(answerOf(text));
  }

  async declareQueue(queue: string): Promise<void> {
    const declaring = await this.whenOpen(queue);
    const channel = await declaring.next();
    await channel.assertQueue(this.topology.queue(queue), this.topology.queueOptions(queue));
  }

  factNumbers(): FactNumbers {
    return this.outbox.factNumbers();
  }

  onRestored(listener: () => void): () => void {
    this.restored.add(listener);
    return () => void this.restored.delete(listener);
  }

  /** Publishes what is no message of this sender: a dead letter. */
  keepAside(publication: Publication): Promise<void> {
    return this.publisher.publish(publication);
  }

  /** @returns when the broker has everything, or will not have it soon */
  async drain(): Promise<void> {
    const untilMs = systemClock.nowMs() + DRAIN_MS;
    this.outbox.flush();
    while (this.backlog > 0 && this.declaring !== undefined && systemClock.nowMs() < untilMs) {
      await sleep(5);
    }
  }

  async opened(model: ChannelModel): Promise<void> {
    const confirming = await model.createConfirmChannel();
    const asking = await model.createChannel();
    for (const channel of [confirming, asking]) this.watch(channel);
    await this.topology.declare(asking);
    await this.asker.attach(asking);
    this.publisher.attach(confirming);
    const declaring = new ChannelRing(DECLARING_CHANNELS, async () => this.watch(await model.createChannel()));
    this.declaring = declaring;
    this.awaited?.resolve(declaring);
    this.awaited = undefined;
    if (!this.wasLost) return;
    this.wasLost = false;
    for (const listener of [...this.restored]) listener();
  }

  lost(): void {
    this.wasLost = true;
    this.declaring = undefined;
    this.asker.detach();
    this.publisher.detach();
  }

  /** Nothing is sent any more; what waits is refused. */
  close(reason: string): void {
    this.restored.clear();
    this.lost();
    this.asker.close(reason);
    this.publisher.close(reason);
  }

  private watch(channel: Channel): Channel {
    channel.on('error', (error) => this.connection.reset('a channel was closed by the broker', error));
    return channel;
  }

  private async whenOpen(queue: string): Promise<ChannelRing> {
    if (this.declaring !== undefined) return this.declaring;
    this.awaited ??= Promise.withResolvers();
    const opened = await Promise.race([this.awaited.promise, sleep(DEFAULT_TIMEOUT_MS, undefined, { ref: false })]);
    if (opened === undefined) throw new TransportError(`no broker for ${DEFAULT_TIMEOUT_MS} ms to declare ${queue}`);
    return opened;
  }

  private dispatch({ queue, envelope, headers }: OutgoingMessage): Promise<void> {
    const { id, pattern, source } = envelope;
    const contract = contractOf(pattern);
    const persistent = contract === undefined || contract.kind === 'query' || contract.isTransient !== true;
    return this.publisher.publish({
      exchange: queue === undefined ? this.topology.facts : '',
      routingKey: queue === undefined ? pattern : this.topology.queue(queue),
      pattern,
      queue: queue ?? '',
      body: Buffer.from(JSON.stringify(envelope)),
      options: {
        ...{ messageId: id, type: pattern, appId: source, headers },
        ...{ contentType: 'application/json', persistent, mandatory: queue !== undefined },
      },
    });
  }
}
