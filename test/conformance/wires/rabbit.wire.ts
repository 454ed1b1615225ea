import { randomUUID } from 'node:crypto';
import { type MessageBus, rabbitHost, type ServiceHost } from '@tranche/messaging';
import { silentLogger } from '@tranche/telemetry';
import { type Channel, type ChannelModel, connect, type ConsumeMessage } from 'amqplib';
import { answerText, arrived, type Taking, type Wire } from './wire.js';

/** For so long nothing may come before all is taken for quiet. */
const QUIET_MS = 12;

/** As our services declare the queue of their questions: one answers, and a question is not stored. */
const QUERIES_OPTIONS = {
  durable: true,
  arguments: { 'x-single-active-consumer': true, 'x-queue-type': 'classic' },
};

/**
 * A real RabbitMQ. Those who are played talk to it by the names and arguments that docs/messages.md states, not through our own consumer.
 */
export class RabbitWire implements Wire {
  private readonly namespace = `stage-${randomUUID()}`;
  private readonly hosts: ServiceHost[] = [];
  private readonly own = this.bus('stage');
  private readonly queues: string[] = [];
  private comings = 0;

  private constructor(
    private readonly url: string,
    private readonly model: ChannelModel,
    private readonly channel: Channel,
  ) {}

  static async open(url: string): Promise<RabbitWire> {
    const model = await connect(url);
    return new RabbitWire(url, model, await model.createChannel());
  }

  host(service: string): ServiceHost {
    this.queues.push(this.nameOf(service));
    return this.connect(service);
  }

  bus(service: string): MessageBus {
    return this.connect(service).bus;
  }

  async take(queue: string, { facts = [], onMessage, answer }: Taking): Promise<void> {
    const { channel } = this;
    const name = this.nameOf(queue);
    await this.own.declareQueue(queue);
    for (const pattern of facts) await channel.bindQueue(name, `${this.namespace}.facts`, pattern);
    await this.consume(name, ({ content }) => onMessage?.(arrived(content.toString())));
    this.queues.push(name);
    if (answer === undefined) return;
    const queries = `${name}.queries`;
    await channel.assertQueue(queries, QUERIES_OPTIONS);
    await this.consume(queries, ({ properties }) => {
      const { replyTo, correlationId } = properties as { replyTo: string; correlationId: string };
      channel.publish('', replyTo, Buffer.from(answerText(answer())), { correlationId });
    });
  }

  async quiet(): Promise<void> {
    for (let before = -1; before !== this.comings || (await this.depth()) > 0; ) {
      before = this.comings;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    }
  }

  async close(): Promise<void> {
    for (const host of this.hosts) await host.close();
    await this.model.close();
  }

  private nameOf(queue: string): string {
    return `${this.namespace}.${queue}`;
  }

  private connect(service: string): ServiceHost {
    const rabbit = { url: this.url, namespace: this.namespace };
    const host = rabbitHost({ service, rabbit, logger: silentLogger });
    this.hosts.push(host);
    return host;
  }

  private async consume(name: string, take: (message: ConsumeMessage) => void): Promise<void> {
    const onMessage = (message: ConsumeMessage | null): void => {
      this.comings++;
      if (message !== null) take(message);
    };
    await this.channel.consume(name, onMessage, { noAck: true });
  }

  /** Messages that wait at the queues of all who are here. */
  private async depth(): Promise<number> {
    const found = await Promise.all(this.queues.map((queue) => this.channel.checkQueue(queue)));
    return found.reduce((sum, { messageCount }) => sum + messageCount, 0);
  }
}
