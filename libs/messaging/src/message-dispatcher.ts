import { type AnyContract, ContractError, contractOf, type Envelope, parseEnvelope } from '@tranche/contracts';
import { beginTrace, type Logger, parseTraceparent, runInTrace } from '@tranche/telemetry';
import type { MessageContext } from './message-bus.js';
import { outcomeOf } from './outcome.js';

/** Calls the handler of a pattern. @throws what the handler throws */
export type Invoke = (pattern: string, input: unknown, context: MessageContext) => Promise<unknown>;

export interface IncomingMessage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Handed to the transport, which keeps or reports what could not be handled. */
export interface DeadLetter {
  readonly pattern: string;
  readonly code: string;
  readonly finding: string;
}

/**
 * Between a transport and the handlers of one queue: parses, keeps order, retries, and sorts out what cannot be handled.
 *
 * Facts and commands are handled one at a time, in order of arrival. Queries are answered at once beside them: a handler that waits for
 * another service's snapshot must not keep that service from asking for ours.
 */
export class MessageDispatcher {
  private chain: Promise<void> = Promise.resolve();

  constructor(
    private readonly invoke: Invoke,
    private readonly logger: Logger,
    private readonly onDeadLetter: (letter: DeadLetter) => void,
  ) {}

  /** @returns when the message has been handled, or put among the dead letters */
  take(message: IncomingMessage): Promise<void> {
    const handled = this.chain.then(() => this.handle(message, 1));
    this.chain = handled;
    return handled;
  }

  /** Answers a query. @throws what the handler throws */
  async answer(message: IncomingMessage): Promise<unknown> {
    const { envelope, contract } = open(message);
    if (contract.kind !== 'query') throw new ContractError(envelope.pattern, '', 'is no query');
    const request = contract.parse(envelope.items[0]);
    return this.inTrace(message, () => this.invoke(envelope.pattern, request, contextOf(envelope, message)));
  }

  private async handle(message: IncomingMessage, tries: number): Promise<void> {
    let pattern = 'unknown';
    try {
      const { envelope, contract } = open(message);
      pattern = envelope.pattern;
      const items = contract.parse(envelope.items);
      await this.inTrace(message, () => this.invoke(pattern, items, contextOf(envelope, message)));
    } catch (error) {
      const outcome = outcomeOf(error, tries);
      if (outcome.kind === 'retry') {
        this.logger.warn('message will be tried again', { pattern, tries, delayMs: outcome.delayMs, error });
        await new Promise((resolve) => setTimeout(resolve, outcome.delayMs));
        return this.handle(message, tries + 1);
      }
      if (outcome.kind === 'dead-letter') {
        this.logger.error('message could not be handled', { pattern, tries, error });
        this.onDeadLetter({ pattern, code: outcome.code, finding: outcome.finding });
      }
    }
  }

  private inTrace<T>(message: IncomingMessage, run: () => T): T {
    return runInTrace(parseTraceparent(message.headers['traceparent']) ?? beginTrace(), run);
  }
}

function open(message: IncomingMessage): { envelope: Envelope; contract: AnyContract } {
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
