import { UnroutableError } from '../messaging.errors.js';
import type { QueueDepth } from '../queue-depth.js';
import type { OutgoingMessage } from '../outbox/outbox.js';

/** A message at its queue: bytes, as on a wire, so that no receiver can change a sender's object. */
export interface Delivery {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Queries only: takes the answer, `{ ok: true, value }` or `{ ok: false, code, message }` as JSON. */
  readonly reply?: (answer: string) => void;
}

type Consumer = (delivery: Delivery) => void;

interface Queue {
  consumer: Consumer | undefined;
  waiting: Delivery[];
  scheduled: boolean;
}

/**
 * The message broker of the local cluster: named queues and a topic exchange within one process.
 *
 * It keeps what RabbitMQ would keep: messages wait in a declared queue until it has a consumer, a queue that was never declared takes
 * nothing, an exchange without a binding drops. Nothing is durable beyond the process: the agents' journals are.
 */
export class InProcessBroker {
  private readonly queues = new Map<string, Queue>();
  private readonly bindings = new Map<string, Set<string>>();

  declareQueue(name: string): void {
    if (!this.queues.has(name)) this.queues.set(name, { consumer: undefined, waiting: [], scheduled: false });
  }

  /** Facts of this pattern reach the queue from now on. */
  bind(queue: string, pattern: string): void {
    const bound = this.bindings.get(pattern) ?? new Set();
    this.bindings.set(pattern, bound.add(queue));
  }

  /** Hands the queue's messages to the consumer; one consumer a queue, the newest wins. */
  consume(name: string, consumer: Consumer): void {
    this.declareQueue(name);
    const queue = this.queues.get(name);
    if (queue === undefined) return;
    queue.consumer = consumer;
    this.schedule(queue);
  }

  /** The consumer has gone; messages wait for the next. */
  cancel(name: string, consumer: Consumer): void {
    const queue = this.queues.get(name);
    if (queue?.consumer === consumer) queue.consumer = undefined;
  }

  /** @throws UnroutableError when the message has a queue that does not exist */
  route(message: OutgoingMessage, reply?: (answer: string) => void): void {
    const { headers, envelope } = message;
    const targets = message.queue === undefined ? [...(this.bindings.get(envelope.pattern) ?? [])] : [message.queue];
    if (targets.length === 0) return;
    const delivery: Delivery = { body: JSON.stringify(envelope), headers, ...(reply ? { reply } : {}) };
    for (const name of targets) {
      const queue = this.queues.get(name);
      if (queue === undefined) throw new UnroutableError(name, envelope.pattern);
      queue.waiting.push(delivery);
      this.schedule(queue);
    }
  }

  /** Messages waiting, by queue: for readiness and status. */
  depths(): Record<string, number> {
    return Object.fromEntries([...this.queues].map(([name, queue]) => [name, queue.waiting.length]));
  }

  /** How much waits in one queue; undefined for one that was never declared. */
  depthOf(name: string): QueueDepth | undefined {
    const queue = this.queues.get(name);
    if (queue === undefined) return undefined;
    return { name, messages: queue.waiting.length, consumers: queue.consumer === undefined ? 0 : 1 };
  }

  /** Delivery is in a later turn, so that a busy queue never starves timers and sockets. */
  private schedule(queue: Queue): void {
    if (queue.scheduled || queue.consumer === undefined || queue.waiting.length === 0) return;
    queue.scheduled = true;
    setImmediate(() => {
      queue.scheduled = false;
      if (queue.consumer === undefined) return;
      const deliveries = queue.waiting;
      queue.waiting = [];
      for (const delivery of deliveries) queue.consumer(delivery);
    });
  }
}
