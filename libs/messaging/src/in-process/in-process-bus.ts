import { randomUUID } from 'node:crypto';
import type { CommandContract, FactContract, FactNumbers, PartitionCounts, QueryContract } from '@tranche/contracts';
import { activeTrace, injectTrace, preciseNowMs, silentTracer, type Tracer } from '@tranche/telemetry';
import { answerOf } from '../answer.js';
import { type AskOptions, MessageBus } from '../message-bus.js';
import { QueryTimeoutError } from '../messaging.errors.js';
import type { MessageMetrics } from '../message-metrics.js';
import { Outbox } from '../outbox/outbox.js';
import { sentAll, spread } from '../spread.js';
import type { InProcessBroker } from './in-process-broker.js';

const DEFAULT_TIMEOUT_MS = 5_000;

export interface InProcessBusOptions {
  readonly tracer?: Tracer;
  readonly metrics?: MessageMetrics;
  readonly partitions?: PartitionCounts;
}

/** One service's way out to the broker of the local cluster. */
export class InProcessBus extends MessageBus {
  readonly source: string;
  private readonly outbox: Outbox;
  private readonly partitions: PartitionCounts;

  /** @param name of the sender: its service, or the queue of its partition */
  constructor(
    private readonly broker: InProcessBroker,
    name: string,
    { tracer = silentTracer, metrics, partitions = {} }: InProcessBusOptions = {},
  ) {
    super();
    this.partitions = partitions;
    this.source = `${name}/${randomUUID()}`;
    this.outbox = new Outbox(this.source, async (message) => this.broker.route(message), {
      ...{ system: 'inproc', tracer },
      ...(metrics ? { metrics } : {}),
    });
  }

  publish<I>(contract: FactContract<I>, items: readonly I[]): void {
    // Within one process the exchange takes every fact: there is nothing to wait for.
    void this.outbox.add(contract, undefined, items);
  }

  send<I>(contract: CommandContract<I>, queue: string, items: readonly I[]): Promise<void> {
    const parts = spread(contract, queue, items, this.partitions);
    return sentAll(parts.map(([target, own]) => this.outbox.add(contract, target, own)));
  }

  async ask<Q, R>(contract: QueryContract<Q, R>, queue: string, request: Q, options: AskOptions = {}): Promise<R> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
    signal?.throwIfAborted();
    const answered = Promise.withResolvers<string>();
    const timer = setTimeout(
      () => answered.reject(new QueryTimeoutError(queue, contract.pattern, timeoutMs)),
      timeoutMs,
    );
    const withdraw = (): void => answered.reject(signal?.reason);
    signal?.addEventListener('abort', withdraw);
    try {
      this.broker.route(this.query(contract.pattern, queue, request), answered.resolve);
      return contract.parseResponse(answerOf(await answered.promise));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', withdraw);
    }
  }

  async declareQueue(queue: string): Promise<void> {
    this.broker.declareQueue(queue);
  }

  factNumbers(): FactNumbers {
    return this.outbox.factNumbers();
  }

  /** Never: it lives as long as its process. */
  onRestored(): () => void {
    return () => undefined;
  }

  private query(pattern: string, queue: string, request: unknown): Parameters<InProcessBroker['route']>[0] {
    return {
      queue,
      headers: injectTrace({ parent: activeTrace(), links: [], sentMs: preciseNowMs() }),
      envelope: {
        id: randomUUID(),
        pattern,
        source: this.source,
        sequence: 0,
        time: new Date().toISOString(),
        items: [request],
      },
    };
  }
}
