import type { Authorizer } from '@tranche/config';
import { askedByOperation, mayDo, permitsFor } from '@tranche/http';
import type { FrameworkInfo, OfferOperation, OfferOperationType } from '@tranche/mesos-api';
import type { Framework } from './framework.js';

/**
 * Why a framework may not be in its roles: each of them must be permitted.
 *
 * @param frameworkId empty for a new one
 * @source scheduler API §3.1, rule 11
 */
export function registrationDenial(
  authorizer: Authorizer,
  frameworkId: string,
  { principal }: FrameworkInfo,
  roles: readonly string[],
): string | undefined {
  if (roles.every((role) => authorizer.may(principal, 'register_frameworks', role))) return undefined;
  // Two spaces where there is no id yet, as Mesos has it (recorded exchange 16).
  return `Not authorized to register framework ${frameworkId} with roles { ${roles.toSorted().join(', ')} }`;
}

const DEEDS: Readonly<Partial<Record<OfferOperationType, string>>> = {
  RESERVE: 'reserve resources',
  UNRESERVE: 'unreserve resources',
  CREATE: 'create persistent volumes',
  DESTROY: 'destroy persistent volumes',
  GROW_VOLUME: 'grow a volume',
  SHRINK_VOLUME: 'shrink a volume',
  CREATE_DISK: 'create a disk',
  DESTROY_DISK: 'destroy a disk',
};

/** Why a framework may not have an operation on resources done, in Mesos' words. @source formats §8.2 */
export function operationDenial(
  authorizer: Authorizer,
  { record }: Framework,
  operation: OfferOperation,
): string | undefined {
  const { principal } = record.info;
  if (mayDo(permitsFor(authorizer, principal), ...askedByOperation(operation))) return undefined;
  const deed = DEEDS[operation.type ?? 'UNKNOWN'] ?? 'do this';
  return `Not authorized to ${deed} as ${principal === undefined ? 'a framework without a principal' : `'${principal}'`}`;
}
