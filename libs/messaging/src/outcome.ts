/** What becomes of a message after its handler: the one place that maps errors to it. */
export type Outcome =
  | { readonly kind: 'done' }
  /** A transient fault: again after the delay. */
  | { readonly kind: 'retry'; readonly delayMs: number }
  /** Bad input, a defect, or too many tries: kept aside with the finding. */
  | { readonly kind: 'dead-letter'; readonly code: string; readonly finding: string };

/** A message is tried this often; five tries with doubling delays bridge three seconds of a database lock or a broker restart. */
const MAX_TRIES = 5;
const FIRST_DELAY_MS = 100;

/**
 * @param error what the handler threw; `retryable: true` marks a transient fault
 * @param tries how often the message has been handled so far, this time included
 */
export function outcomeOf(error: unknown, tries: number): Outcome {
  const { retryable, code, message } = error as { retryable?: boolean; code?: unknown; message?: string };
  if (retryable === true && tries < MAX_TRIES) return { kind: 'retry', delayMs: FIRST_DELAY_MS * 2 ** (tries - 1) };
  return {
    kind: 'dead-letter',
    code: typeof code === 'string' ? code : 'messaging/handler-failed',
    finding: message ?? String(error),
  };
}
