import type { ApiRefusal } from '@tranche/mesos-api';

/** What becomes of an order: carried out, or why not, in the words of Mesos. */
export type OrderOutcome = { readonly ok: true } | { readonly ok: false; readonly refusal: ApiRefusal };

export const DONE: OrderOutcome = { ok: true };

export const refused = (kind: 'bad-request' | 'conflict' | 'not-found', message: string): OrderOutcome => ({
  ok: false,
  refusal: { kind, message },
});
