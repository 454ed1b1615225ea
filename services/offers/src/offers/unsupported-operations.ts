import type { OfferOperation } from '@tranche/mesos-api';

/** LAUNCH works; an operation without a known type is ignored, as in Mesos. All others are refused by name before anything is done. */
const SUPPORTED: ReadonlySet<string> = new Set(['LAUNCH', 'UNKNOWN']);

/** The first operation of an ACCEPT that this service cannot carry out; undefined when it can do all. */
export function unsupportedOperation(operations: readonly OfferOperation[]): string | undefined {
  return operations.find(({ type }) => type !== undefined && !SUPPORTED.has(type))?.type;
}
