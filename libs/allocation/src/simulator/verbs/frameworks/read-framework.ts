import type { Quantities } from '@tranche/resources';
import type { FrameworkSpec, OfferConstraintGroups } from '../../../engine.js';
import { type Fields, listOf, type Reader, tableOf } from '../../parse/fields.js';
import { readFrameworkCapabilities } from '../../parse/parse-capabilities.js';
import { readOfferConstraints } from '../../parse/parse-constraints.js';
import { readQuantities, readRole, readRoles } from '../../parse/parse-values.js';

/** What a framework says of itself, as far as a step says it. */
export interface FrameworkFields {
  readonly suppressedRoles: readonly string[] | undefined;
  readonly capabilities: readonly string[] | undefined;
  readonly minAllocatable: ReadonlyMap<string, readonly Quantities[]> | undefined;
  readonly offerConstraints: ReadonlyMap<string, OfferConstraintGroups> | undefined;
}

const readMinimums: Reader<ReadonlyMap<string, Quantities[]>> = tableOf(listOf(readQuantities), readRole);

/** The fields that adding and updating a framework have in common. */
export function readFramework(fields: Fields): FrameworkFields {
  return {
    suppressedRoles: fields.optional('suppressedRoles', readRoles),
    capabilities: fields.optional('capabilities', readFrameworkCapabilities),
    minAllocatable: fields.optional('minAllocatableResources', readMinimums),
    offerConstraints: fields.optional('offerConstraints', readOfferConstraints),
  };
}

/** What was said before with what is said now in its place. A role no longer subscribed drops out of the suppressed ones. */
export function mergeFramework(
  before: FrameworkSpec,
  roles: readonly string[],
  { suppressedRoles, capabilities, minAllocatable, offerConstraints }: FrameworkFields,
): FrameworkSpec {
  return {
    ...before,
    roles,
    suppressedRoles: (suppressedRoles ?? before.suppressedRoles).filter((role) => roles.includes(role)),
    ...(capabilities && { capabilities }),
    ...(minAllocatable && { minAllocatable: recordOf(minAllocatable) }),
    ...(offerConstraints && { offerConstraints: recordOf(offerConstraints) }),
  };
}

/** @throws ScenarioFault for a suppressed role that is not subscribed */
export function checkSuppressed(fields: Fields, roles: readonly string[], suppressed: readonly string[] = []): void {
  const other = suppressed.find((role) => !roles.includes(role));
  if (other !== undefined) throw fields.fault('suppressedRoles', `${other} is not subscribed`);
}

/** Without a prototype: a role may be called `constructor`. */
function recordOf<T>(table: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  const record = Object.create(null) as Record<string, T>;
  for (const [name, value] of table) record[name] = value;
  return record;
}
