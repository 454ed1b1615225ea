import { InProcessBroker } from '@tranche/messaging';
import type { Random } from '../fuzz/random.mjs';

type Consumer = Parameters<InProcessBroker['consume']>[1];
type Delivery = Parameters<Consumer>[0];

/**
 * The in-process broker with messages that take a while, as over a network: in order within a queue, each queue at its own pace, so that what
 * one service has said may reach a second long before a third.
 */
export class LateBroker extends InProcessBroker {
  private readonly delayed = new Map<Consumer, Consumer>();

  /** @param maxDelayMs of a message, and of an answer */
  constructor(
    private readonly random: Random,
    private readonly maxDelayMs: number,
  ) {
    super();
  }

  override consume(name: string, consumer: Consumer): void {
    let last = Promise.resolve();
    const delayed: Consumer = (delivery) => {
      const wait = this.wait();
      last = last.then(() => wait).then(() => consumer(this.withLateReply(delivery)));
    };
    this.delayed.set(consumer, delayed);
    super.consume(name, delayed);
  }

  override cancel(name: string, consumer: Consumer): void {
    super.cancel(name, this.delayed.get(consumer) ?? consumer);
  }

  private withLateReply({ reply, ...delivery }: Delivery): Delivery {
    if (reply === undefined) return delivery;
    return { ...delivery, reply: (answer) => void this.wait().then(() => reply(answer)) };
  }

  /** Mostly a moment; one in ten is much later. */
  private wait(): Promise<void> {
    const ms = this.random.chance(0.1) ? this.random.next() * this.maxDelayMs : this.random.next();
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}
