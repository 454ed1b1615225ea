import { InProcessBroker, InProcessBus, inProcessHost, type MessageBus, type ServiceHost } from '@tranche/messaging';
import { silentLogger } from '@tranche/telemetry';
import { answerText, arrived, type Taking, type Wire } from './wire.js';

/** Turns of the event loop within which a message and what follows from it arrive. */
const TURNS = 12;

/** The transport of the local cluster. */
export class InProcessWire implements Wire {
  private readonly broker = new InProcessBroker();

  host(service: string): ServiceHost {
    return inProcessHost({ service, broker: this.broker, logger: silentLogger });
  }

  bus(service: string): MessageBus {
    return new InProcessBus(this.broker, service);
  }

  async take(queue: string, { facts = [], onMessage, answer }: Taking): Promise<void> {
    this.broker.consume(queue, ({ body, reply }) => {
      if (reply === undefined) onMessage?.(arrived(body));
      else reply(answerText(answer?.()));
    });
    for (const pattern of facts) this.broker.bind(queue, pattern);
  }

  async quiet(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  async close(): Promise<void> {
    // Nothing outlives it.
  }
}
