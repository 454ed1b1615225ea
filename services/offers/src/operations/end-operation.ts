import type { OffersContext } from '../offers-context.js';
import type { Operation } from './operation.js';

/** Forgets an operation of which nothing more will come. */
export function forgetOperation(
  { state, changes }: Pick<OffersContext, 'state' | 'changes'>,
  operation: Operation,
): void {
  state.operations.remove(operation);
  changes.operationForgotten(operation);
}
