import { randomUUID } from 'node:crypto';
import type { CommandContract, Envelope, FactContract, FactNumbers } from '@tranche/contracts';
import { activeTrace, formatTraceparent } from '@tranche/telemetry';

/** A message on its way out. `queue` is undefined for facts: they go to the exchange. */
export interface OutgoingMessage {
  readonly queue: string | undefined;
  readonly envelope: Envelope;
  readonly headers: Readonly<Record<string, string>>;
}

interface Batch {
  readonly contract: FactContract | CommandContract;
  readonly queue: string | undefined;
  readonly message: OutgoingMessage;
  readonly settled: PromiseWithResolvers<void>;
}

const EXCHANGE = Symbol('exchange');

/**
 * Joins the items of one turn of the event loop into one message per destination, and numbers facts.
 *
 * An item joins the newest batch of its destination when that is of the same contract, so order to one destination is kept. All batches
 * leave at the end of the turn, in the order in which they were begun.
 */
export class Outbox {
  private batches: Batch[] = [];
  private readonly newest = new Map<string | typeof EXCHANGE, Batch>();
  private readonly numbers = new Map<string, number>();
  private scheduled = false;

  /**
   * @param source one life of this sender, `offers/1f6c…`
   * @param dispatch hands one message to the transport; rejects when it was not taken
   */
  constructor(
    private readonly source: string,
    private readonly dispatch: (message: OutgoingMessage) => Promise<void>,
  ) {}

  /** @returns when the transport has the message with these items */
  add(contract: FactContract | CommandContract, queue: string | undefined, items: readonly unknown[]): Promise<void> {
    if (items.length === 0) return Promise.resolve();
    const destination = queue ?? EXCHANGE;
    let batch = this.newest.get(destination);
    if (batch === undefined || batch.contract !== contract) {
      batch = this.begin(contract, queue);
      this.newest.set(destination, batch);
    }
    for (const item of items) batch.message.envelope.items.push(item);
    return batch.settled.promise;
  }

  /** The numbers given so far. Batches that wait to leave take no more items, so everything stated so far is within them. */
  factNumbers(): FactNumbers {
    this.newest.clear();
    return { source: this.source, numbers: Object.fromEntries(this.numbers) };
  }

  private begin(contract: FactContract | CommandContract, queue: string | undefined): Batch {
    const trace = activeTrace();
    const batch: Batch = {
      contract,
      queue,
      settled: Promise.withResolvers<void>(),
      message: {
        queue,
        headers: trace ? { traceparent: formatTraceparent(trace) } : {},
        envelope: {
          id: randomUUID(),
          pattern: contract.pattern,
          source: this.source,
          sequence: contract.kind === 'fact' ? this.nextNumber(contract.pattern) : 0,
          time: new Date().toISOString(),
          items: [],
        },
      },
    };
    this.batches.push(batch);
    if (!this.scheduled) {
      this.scheduled = true;
      setImmediate(() => this.leave());
    }
    return batch;
  }

  private nextNumber(pattern: string): number {
    const number = (this.numbers.get(pattern) ?? 0) + 1;
    this.numbers.set(pattern, number);
    return number;
  }

  private leave(): void {
    const leaving = this.batches;
    this.batches = [];
    this.newest.clear();
    this.scheduled = false;
    for (const batch of leaving) {
      this.dispatch(batch.message).then(batch.settled.resolve, batch.settled.reject);
    }
  }
}
