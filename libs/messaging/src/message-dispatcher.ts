import {
  type AnyContract,
  type CommandContract,
  ContractError,
  contractOf,
  type Envelope,
  parseEnvelope,
  type Partition,
  partitionOf,
  WHOLE,
} from '@tranche/contracts';
import {
  ATTRIBUTE,
  endedBy,
  extractTrace,
  type Logger,
  preciseNowMs,
  runInSpan,
  runInTrace,
  type Span,
  silentTracer,
} from '@tranche/telemetry';
import type { MessageContext } from './message-bus.js';
import { levelOf, messageLine } from './message-line.js';
import type { MessageOutcome } from './message-metrics.js';
import type { Traffic } from './outbox/outbox.js';
import { outcomeOf } from './outcome.js';

/** Calls the handler of a pattern. @throws what the handler throws */
export type Invoke = (pattern: string, input: unknown, context: MessageContext) => Promise<unknown>;

export interface IncomingMessage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The broker has delivered it before, to this or another consumer. */
  readonly redelivered?: boolean;
}

/** Where the messages come from. */
export interface IncomingTraffic extends Traffic {
  readonly queue: string;
  /** Of the service's work, what comes here. Default: all of it. */
  readonly partition?: Partition;
}

/** Handed to the transport, which keeps or reports what could not be handled. */
export interface DeadLetter {
  readonly pattern: string;
  readonly code: string;
  readonly finding: string;
  /** The message itself, as it came. */
  readonly message: IncomingMessage;
}

/** A redelivery follows its message closely: a consumer has no more than a prefetch of them in hand. */
const REMEMBERED_MESSAGES = 4_096;

/**
 * Between a transport and the handlers of one queue: parses, keeps order, retries, and sorts out what cannot be handled.
 *
 * Facts and commands are handled one at a time, in order of arrival. Queries are answered at once beside them: a handler that waits for
 * another service's snapshot must not keep that service from asking for ours.
 */
export class MessageDispatcher {
  private chain: Promise<void> = Promise.resolve();
  private readonly handled = new Set<string>();
  private isAbandoned = false;

  /** @param onDeadLetter keeps it; when it rejects, the message is neither handled nor kept, and `take` rejects too */
  constructor(
    private readonly invoke: Invoke,
    private readonly logger: Logger,
    private readonly onDeadLetter: (letter: DeadLetter) => void | Promise<void>,
    private readonly traffic: IncomingTraffic = { system: 'inproc', tracer: silentTracer, queue: '' },
  ) {}

  /** @returns when the message has been handled, now or at an earlier delivery, or put among the dead letters */
  take(message: IncomingMessage): Promise<void> {
    const handled = this.chain.then(() => this.handle(message, 1));
    // Whoever gave the message learns of the failure; the next one does not wait for ever.
    this.chain = handled.catch(() => undefined);
    return handled;
  }

  /** Begins with no message any more, also not for another try: somebody else has them by now. Their `take` does not settle. */
  abandon(): void {
    this.isAbandoned = true;
  }

  /** Answers a query. @throws what the handler throws */
  async answer(message: IncomingMessage): Promise<unknown> {
    const { envelope, contract } = open(message);
    if (contract.kind !== 'query') throw new ContractError(envelope.pattern, '', 'is no query');
    const request = contract.parse(envelope.items[0]);
    const context = contextOf(envelope, message);
    return this.inTrace({ message, envelope, contract }, 1, () => this.invoke(envelope.pattern, request, context));
  }

  private async handle(message: IncomingMessage, tries: number): Promise<void> {
    if (this.isAbandoned) return new Promise(() => undefined);
    let pattern = 'unknown';
    try {
      const { envelope, contract } = open(message);
      pattern = envelope.pattern;
      if (this.handled.has(envelope.id)) {
        this.noteRepeated({ message, envelope, contract });
        return;
      }
      const items = contract.parse(envelope.items) as unknown[];
      if (contract.kind === 'command') refuseForeign(contract, items, this.traffic.partition ?? WHOLE);
      const context = contextOf(envelope, message);
      await this.inTrace({ message, envelope, contract }, tries, () => this.invoke(pattern, items, context));
      this.remember(envelope.id);
    } catch (error) {
      const outcome = outcomeOf(error, tries);
      if (outcome.kind === 'retry') {
        this.logger.warn('message will be tried again', { pattern, tries, delayMs: outcome.delayMs, error });
        await new Promise((resolve) => setTimeout(resolve, outcome.delayMs));
        return this.handle(message, tries + 1);
      }
      if (outcome.kind === 'dead-letter') {
        this.logger.error('message could not be handled', { pattern, tries, error });
        await this.onDeadLetter({ pattern, code: outcome.code, finding: outcome.finding, message });
      }
    }
  }

  private remember(messageId: string): void {
    this.handled.add(messageId);
    if (this.handled.size <= REMEMBERED_MESSAGES) return;
    const [oldest] = this.handled;
    if (oldest !== undefined) this.handled.delete(oldest);
  }

  /** Handles a message as a span of its sender's trace, linked with those of its other items. */
  private inTrace<T>(opened: Opened, tries: number, run: () => Promise<T>): Promise<T> {
    const { tracer, metrics } = this.traffic;
    const trace = extractTrace(opened.message.headers);
    const span = tracer.isOn ? this.beginSpan(opened, trace, tries) : undefined;
    const context = span?.context ?? trace.parent ?? tracer.contextBelow(undefined);
    const startMs = preciseNowMs();
    const waitMs = trace.sentMs === undefined ? undefined : startMs - trace.sentMs;
    const { pattern } = opened.envelope;
    if (tries === 1) metrics?.received(pattern, waitMs, opened.message.redelivered === true, context.traceId);
    const counted = counting(run, (isOk) => {
      const outcome = isOk ? 'ok' : 'failed';
      const durationMs = preciseNowMs() - startMs;
      metrics?.handled(pattern, outcome, durationMs, context.traceId);
      this.tell(opened, outcome, durationMs, tries);
    });
    if (span === undefined) return runInTrace(context, counted);
    return runInSpan(tracer, span, () => endedBy(span, counted));
  }

  /** A message that was handled before is dropped, and that is seen. */
  private noteRepeated(opened: Opened): void {
    const { tracer, metrics } = this.traffic;
    const trace = extractTrace(opened.message.headers);
    const span = tracer.isOn ? this.beginSpan(opened, trace, 1) : undefined;
    span?.set({ [ATTRIBUTE.duplicate]: true });
    span?.end();
    metrics?.handled(opened.envelope.pattern, 'repeated', 0, trace.parent?.traceId ?? '');
    const tell = (): void => this.tell(opened, 'repeated', 0, 1);
    if (trace.parent === undefined) tell();
    else runInTrace(trace.parent, tell);
  }

  /** One line for each message and try, within its trace. */
  private tell({ envelope, contract }: Opened, outcome: MessageOutcome, durationMs: number, tries: number): void {
    this.logger.each?.(levelOf(contract), 'message handled', () =>
      messageLine({ contract, envelope, outcome, durationMs, tries }),
    );
  }

  private beginSpan(
    { message, envelope, contract }: Opened,
    { parent, links, sentMs }: ReturnType<typeof extractTrace>,
    tries: number,
  ): Span {
    const { tracer, system, queue } = this.traffic;
    return tracer.begin(`process ${queue}`, parent, {
      kind: 'consumer',
      isMinor: contract.kind !== 'command',
      links,
      attributes: {
        [ATTRIBUTE.messagingSystem]: system,
        [ATTRIBUTE.messagingOperation]: 'process',
        [ATTRIBUTE.messagingOperationType]: 'process',
        [ATTRIBUTE.messagingDestination]: queue,
        [ATTRIBUTE.messagingMessageId]: envelope.id,
        [ATTRIBUTE.messagingBatchCount]: envelope.items.length,
        [ATTRIBUTE.message]: envelope.pattern,
        [ATTRIBUTE.sentMs]: sentMs ?? preciseNowMs(),
        ...(tries > 1 ? { [ATTRIBUTE.tries]: tries } : {}),
        ...(message.redelivered === true ? { [ATTRIBUTE.redelivered]: true } : {}),
      },
    });
  }
}

/** @param over told of the end: whether all went well */
function counting<T>(run: () => Promise<T>, over: (isOk: boolean) => void): () => Promise<T> {
  return async () => {
    try {
      const result = await run();
      over(true);
      return result;
    } catch (error) {
      over(false);
      throw error;
    }
  };
}

interface Opened {
  readonly message: IncomingMessage;
  readonly envelope: Envelope;
  readonly contract: AnyContract;
}

/** A sender that counts partitions differently would be answered by who knows nothing of what it speaks of. */
function refuseForeign(contract: CommandContract, items: readonly unknown[], { index, count }: Partition): void {
  if (contract.keyOf === undefined || count === 1) return;
  for (const [at, item] of items.entries()) {
    const owner = partitionOf(contract.keyOf(item), count);
    if (owner === index) continue;
    const finding = `belongs to partition ${owner} of ${count} and came to ${index}: its sender is told of another number of partitions`;
    throw new ContractError(contract.pattern, `/${at}`, finding);
  }
}

function open(message: IncomingMessage): Omit<Opened, 'message'> {
  const envelope = parseEnvelope(JSON.parse(message.body));
  const contract = contractOf(envelope.pattern);
  if (contract === undefined) throw new ContractError(envelope.pattern, '', 'is not known to this build');
  return { envelope, contract };
}

function contextOf(envelope: Envelope, message: IncomingMessage): MessageContext {
  const traceparent = message.headers['traceparent'];
  return {
    pattern: envelope.pattern,
    source: envelope.source,
    sequence: envelope.sequence,
    messageId: envelope.id,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
