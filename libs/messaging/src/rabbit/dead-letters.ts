import { randomUUID } from 'node:crypto';
import type { DeadLetter } from '../message-dispatcher.js';
import type { Publication } from './rabbit-publisher.js';

/** Longest text in a header: the broker refuses headers beyond a frame. */
const MAX_FINDING_CHARS = 2_000;

/** A message that could not be handled, as it is kept: its body unchanged, the finding in the headers. */
export function deadLetterPublication(
  exchange: string,
  queue: string,
  { pattern, code, finding, message }: DeadLetter,
): Publication {
  return {
    exchange,
    queue: '',
    routingKey: queue,
    pattern,
    body: Buffer.from(message.body),
    options: {
      messageId: randomUUID(),
      type: pattern,
      contentType: 'application/json',
      persistent: true,
      headers: {
        ...message.headers,
        'x-tranche-queue': queue,
        'x-tranche-code': code,
        'x-tranche-finding': finding.slice(0, MAX_FINDING_CHARS),
        'x-tranche-time': new Date().toISOString(),
      },
    },
  };
}
