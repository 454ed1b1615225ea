import type { ApiRefusal, MasterResponse } from '@tranche/mesos-api';

/** What a call of the operator API is answered with. */
export type CallAnswer =
  | { readonly kind: 'response'; readonly response: MasterResponse }
  /** 200 without a body. */
  | { readonly kind: 'done' }
  /** 202 without a body. */
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly refusal: ApiRefusal };

export const DONE: CallAnswer = { kind: 'done' };

export const respond = (response: MasterResponse): CallAnswer => ({ kind: 'response', response });
export const refuse = (refusal: ApiRefusal): CallAnswer => ({ kind: 'refused', refusal });
