import type { AgentRecord, FrameworkRecord, HeldResources, RoleConfig } from '@tranche/contracts';
import type {
  AgentSpec,
  FrameworkSpec,
  Holding,
  OfferConstraint,
  OfferConstraintGroups,
  Quota,
  Unavailability,
} from '@tranche/allocation';
import {
  capabilitiesOf,
  type SchedulerAttributeConstraint,
  type SchedulerOfferConstraintsRoleConstraints,
  type Unavailability as UnavailabilityDocument,
} from '@tranche/mesos-api';
import { Limits, Quantities, Resources } from '@tranche/resources';

/** From the other services' records into the engine's values. */

export function agentSpec(record: AgentRecord): AgentSpec {
  const { agentId, hostname, resources, attributes, capabilities, domain, unavailability } = record;
  const fault = domain?.fault_domain;
  return {
    id: agentId,
    hostname,
    resources: Resources.fromJson(resources).withoutAllocationRole(),
    attributes,
    capabilities,
    ...(unavailability && { unavailability: unavailabilityOf(unavailability) }),
    ...(fault && { domain: { region: fault.region.name, zone: fault.zone.name } }),
  };
}

/** The engine does not calculate with it: that nanoseconds of our time are no safe integers does no harm. */
export const unavailabilityOf = ({ start, duration }: UnavailabilityDocument): Unavailability => ({
  startNs: Number(start.nanoseconds),
  ...(duration && { durationNs: Number(duration.nanoseconds) }),
});

export function frameworkSpec(record: FrameworkRecord): FrameworkSpec {
  const { frameworkId, info, roles, suppressedRoles, offerConstraints } = record;
  return {
    id: frameworkId,
    roles,
    suppressedRoles,
    capabilities: [...capabilitiesOf(info)],
    minAllocatable: mapValues(info.offer_filters ?? {}, ({ min_allocatable_resources: minimum }) =>
      minimum?.quantities?.map(({ quantities = {} }) =>
        Quantities.fromNumbers(mapValues(quantities, ({ value }) => Number(value))),
      ),
    ),
    offerConstraints: mapValues(offerConstraints?.role_constraints ?? {}, constraintGroups),
  };
}

/** The allocation role of a message's resources is in a field of its own. */
export function holding({ frameworkId, role, agentId, resources }: HeldResources): Holding {
  return { frameworkId, role, agentId, resources: Resources.fromJson(resources).withoutAllocationRole() };
}

export function quotaOf({ guaranteesMilli = {}, limitsMilli = {} }: RoleConfig): Quota {
  return {
    guarantees: Quantities.of(Object.entries(guaranteesMilli)),
    limits: Limits.of(Object.entries(limitsMilli)),
  };
}

function constraintGroups({ groups = [] }: SchedulerOfferConstraintsRoleConstraints): OfferConstraintGroups {
  return groups.map(({ attribute_constraints: constraints = [] }) => constraints.flatMap(offerConstraint));
}

const PSEUDO_ATTRIBUTES = { HOSTNAME: 'hostname', REGION: 'region', ZONE: 'zone' } as const;

/** `offers` has validated it; what this version does not know constrains nothing. */
function offerConstraint({ selector, predicate }: SchedulerAttributeConstraint): OfferConstraint[] {
  const pseudo = selector.pseudoattribute_type;
  const named = pseudo === undefined || pseudo === 'UNKNOWN' ? undefined : { pseudo: PSEUDO_ATTRIBUTES[pseudo] };
  const chosen = named ?? (selector.attribute_name === undefined ? undefined : { attribute: selector.attribute_name });
  if (chosen === undefined) return [];
  const test = predicateOf(predicate);
  return test === undefined ? [] : [{ selector: chosen, ...test }];
}

function predicateOf(
  predicate: SchedulerAttributeConstraint['predicate'],
): Pick<OfferConstraint, 'predicate' | 'operand'> | undefined {
  if (predicate.exists) return { predicate: 'exists' };
  if (predicate.not_exists) return { predicate: 'notExists' };
  if (predicate.text_equals) return { predicate: 'equals', operand: predicate.text_equals.value };
  if (predicate.text_not_equals) return { predicate: 'notEquals', operand: predicate.text_not_equals.value };
  if (predicate.text_matches) return { predicate: 'matches', operand: predicate.text_matches.regex };
  if (predicate.text_not_matches) return { predicate: 'notMatches', operand: predicate.text_not_matches.regex };
  return undefined;
}

/** The same keys with other values; keys whose value becomes undefined are left out. */
function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B | undefined): Record<string, B> {
  const entries = Object.entries(record).map(([key, value]) => [key, change(value)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, B] => entry[1] !== undefined));
}
