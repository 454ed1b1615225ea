import { randomUUID } from 'node:crypto';
import type { CommandContract, Envelope, FactContract, FactNumbers } from '@tranche/contracts';
import {
  ATTRIBUTE,
  activeTrace,
  injectTrace,
  preciseNowMs,
  type Span,
  silentTracer,
  systemClock,
  type TimerClock,
  type TraceContext,
  type Tracer,
} from '@tranche/telemetry';
import type { MessageMetrics } from '../message-metrics.js';
import { type Batch, noteTrace } from './batch.js';
import { OpenBatches } from './open-batches.js';

/** A message on its way out. `queue` is undefined for facts: they go to the exchange. */
export interface OutgoingMessage {
  readonly queue: string | undefined;
  readonly envelope: Envelope;
  readonly headers: Readonly<Record<string, string>>;
}

/** Over what messages travel, and who records that they do. */
export interface Traffic {
  /** As OpenTelemetry's `messaging.system` names it. */
  readonly system: 'inproc' | 'rabbitmq';
  readonly tracer: Tracer;
  readonly metrics?: MessageMetrics;
}

const EXCHANGE = Symbol('exchange');

/**
 * Joins the items of one turn of the event loop into few messages per destination, and numbers the messages.
 *
 * A command joins the newest batch of its queue when that is of the same contract, so order to one queue is kept. A fact that says what it
 * is about also joins an older one, past facts of other subjects. All batches leave together, in the order in which they were begun: at
 * the end of the turn, or, so soon after others that a transport would be kept busy by ever so small messages, an interval after those.
 */
export class Outbox {
  private batches: Batch[] = [];
  private readonly open = new Map<string | typeof EXCHANGE, OpenBatches>();
  private readonly numbers = new Map<string, number>();
  private scheduled = false;
  private leftMs = Number.NEGATIVE_INFINITY;

  /**
   * @param source one life of this sender, `offers/1f6c…`
   * @param dispatch hands one message to the transport; rejects when it was not taken
   * @param traffic the transport's name, `inproc` or `rabbitmq`, and who records the sending
   * @param intervalMs between departures at least; 0: each turn has its own
   */
  constructor(
    private readonly source: string,
    private readonly dispatch: (message: OutgoingMessage) => Promise<void>,
    private readonly traffic: Traffic = { system: 'inproc', tracer: silentTracer },
    private readonly intervalMs = 0,
    private readonly clock: TimerClock = systemClock,
  ) {}

  /** Sends what waits, now. */
  flush(): void {
    if (this.batches.length > 0) this.leave();
  }

  /** @returns when the transport has the messages with these items */
  add(contract: FactContract | CommandContract, queue: string | undefined, items: readonly unknown[]): Promise<void> {
    const batches: Batch[] = [];
    for (const item of items) {
      const batch = this.batchFor(contract, queue, item);
      batch.envelope.items.push(item);
      if (batch !== batches.at(-1)) batches.push(batch);
    }
    const trace = activeTrace();
    for (const batch of batches) noteTrace(batch, trace);
    return whenTaken(batches);
  }

  /** The numbers given so far. Batches that wait to leave take no more items, so everything stated so far is within them. */
  factNumbers(): FactNumbers {
    this.open.clear();
    return { source: this.source, numbers: Object.fromEntries(this.numbers) };
  }

  private batchFor(contract: FactContract | CommandContract, queue: string | undefined, item: unknown): Batch {
    const destination = queue ?? EXCHANGE;
    const open = this.open.get(destination) ?? new OpenBatches();
    const joined = open.find(contract, item);
    if (joined !== undefined) return joined;
    const batch = this.begin(contract, queue);
    open.begun(batch);
    this.open.set(destination, open);
    return batch;
  }

  private begin(contract: FactContract | CommandContract, queue: string | undefined): Batch {
    const batch: Batch = {
      contract,
      queue,
      traces: [],
      settled: Promise.withResolvers<void>(),
      envelope: {
        id: randomUUID(),
        pattern: contract.pattern,
        source: this.source,
        sequence: this.nextNumber(contract.pattern),
        time: new Date().toISOString(),
        items: [],
      },
    };
    this.batches.push(batch);
    this.schedule();
    return batch;
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    const leave = (): void => {
      this.scheduled = false;
      this.flush();
    };
    // The machine's time may be set back.
    const waitMs = Math.min(this.intervalMs, this.leftMs + this.intervalMs - this.clock.nowMs());
    if (waitMs > 0) this.clock.after(waitMs, leave);
    else setImmediate(leave);
  }

  private nextNumber(pattern: string): number {
    const number = (this.numbers.get(pattern) ?? 0) + 1;
    this.numbers.set(pattern, number);
    return number;
  }

  private leave(): void {
    const leaving = this.batches;
    this.batches = [];
    this.open.clear();
    this.leftMs = this.clock.nowMs();
    for (const batch of leaving) this.send(batch);
  }

  private send({ queue, envelope, contract, traces, settled }: Batch): void {
    const [parent, ...links] = traces;
    const span = parent === undefined ? undefined : this.beginSpan({ queue, envelope, contract }, parent, links);
    const headers = injectTrace({ parent: span?.context, links, sentMs: preciseNowMs() });
    const { metrics } = this.traffic;
    this.dispatch({ queue, envelope, headers }).then(
      () => {
        metrics?.sent(envelope.pattern, true);
        span?.end();
        settled.resolve();
      },
      (error: unknown) => {
        metrics?.sent(envelope.pattern, false);
        span?.fail((error as Error).message);
        span?.end();
        settled.reject(error);
      },
    );
  }

  /** From the hand-over to the broker's word that it has the message. */
  private beginSpan(
    { queue, envelope, contract }: Pick<Batch, 'queue' | 'envelope' | 'contract'>,
    parent: TraceContext,
    links: readonly TraceContext[],
  ): Span {
    const { tracer, system } = this.traffic;
    const destination = queue ?? envelope.pattern;
    return tracer.begin(`send ${destination}`, parent, {
      kind: 'producer',
      isMinor: contract.kind === 'fact',
      links,
      attributes: {
        [ATTRIBUTE.messagingSystem]: system,
        [ATTRIBUTE.messagingOperation]: 'send',
        [ATTRIBUTE.messagingOperationType]: 'send',
        [ATTRIBUTE.messagingDestination]: destination,
        [ATTRIBUTE.messagingMessageId]: envelope.id,
        [ATTRIBUTE.messagingBatchCount]: envelope.items.length,
        [ATTRIBUTE.message]: envelope.pattern,
      },
    });
  }
}

function whenTaken([first, ...more]: readonly Batch[]): Promise<void> {
  if (first === undefined) return Promise.resolve();
  // Nearly always: everybody who waits for a message shares its promise.
  if (more.length === 0) return first.settled.promise;
  return Promise.all([first, ...more].map(({ settled }) => settled.promise)).then(() => undefined);
}
