import type { ApiRefusal } from '@tranche/mesos-api';

/** What becomes of an order: carried out, or why not, in the words of Mesos. */
export type OrderOutcome = { readonly ok: true } | { readonly ok: false; readonly refusal: ApiRefusal };

export const DONE: OrderOutcome = { ok: true };

export const refused = (kind: 'bad-request' | 'conflict' | 'not-found', message: string): OrderOutcome => ({
  ok: false,
  refusal: { kind, message },
});

/** Settles when what was changed so far is in the database: an order that was answered holds. Rejects when the database is away. */
export type Saved = () => Promise<void>;

/** @returns the outcome once it is safe; an order that could not be stored yet holds only as long as this process */
export async function onceSaved(outcome: OrderOutcome, saved: Saved): Promise<OrderOutcome> {
  if (!outcome.ok) return outcome;
  try {
    await saved();
    return outcome;
  } catch (error) {
    const message = `The order is carried out, but could not be stored yet: ${(error as Error).message}`;
    return { ok: false, refusal: { kind: 'unavailable', message } };
  }
}
