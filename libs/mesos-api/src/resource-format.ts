import type { FrameworkInfoCapabilityType, Offer, Resource, ResourceReservationInfo } from './generated/mesos.js';

/**
 * The three representations of a v1 Resource's reservations.
 *
 * | | unreserved | static `r` | dynamic `r` | refined `a` → `a/b` |
 * | --- | --- | --- | --- | --- |
 * | pre-refinement | `role:"*"` | `role:"r"` | `role:"r"`, `reservation` | not representable |
 * | post-refinement | – | `reservations:[STATIC]` | `reservations:[DYNAMIC]` | `reservations:[…, …]` |
 * | endpoint | `role:"*"` | `role`, `reservations` | `role`, `reservation`, `reservations` | `reservations` |
 *
 * Inside Tranche a resource is always in the post-refinement form. Functions return new documents and leave their input
 * as it is.
 *
 * @source formats: the three representations
 */

const UNRESERVED_ROLE = '*';

/**
 * From any representation to the post-refinement one.
 *
 * @param resource valid in itself: `role` and `reservation` agree with `reservations` when both are there
 */
export function toPostRefinement(resource: Resource): Resource {
  const { role, reservation, reservations, ...rest } = resource;
  if (reservations !== undefined && reservations.length > 0) return { ...rest, reservations };
  if (role === undefined || role === UNRESERVED_ROLE) return rest;
  if (reservation === undefined) return { ...rest, reservations: [{ type: 'STATIC', role }] };
  return { ...rest, reservations: [{ type: 'DYNAMIC', role, ...owner(reservation) }] };
}

/**
 * From the post-refinement representation to that of frameworks and agents without RESERVATION_REFINEMENT.
 *
 * @returns undefined for a refined reservation: such a resource is left out of what they see
 */
export function toPreRefinement(resource: Resource): Resource | undefined {
  const { reservations = [], ...rest } = resource;
  const [reservation, refinement] = reservations;
  if (refinement !== undefined) return undefined;
  return { ...rest, ...oldFields(reservation) };
}

/**
 * From the post-refinement representation to that of the endpoints which list resources in full, for clients of either
 * age.
 */
export function toEndpointFormat(resource: Resource): Resource {
  const [reservation, refinement] = resource.reservations ?? [];
  return refinement === undefined ? { ...resource, ...oldFields(reservation) } : resource;
}

function oldFields(reservation: ResourceReservationInfo | undefined): Pick<Resource, 'role' | 'reservation'> {
  if (reservation === undefined) return { role: UNRESERVED_ROLE };
  const role = reservation.role ?? UNRESERVED_ROLE;
  return reservation.type === 'DYNAMIC' ? { role, reservation: owner(reservation) } : { role };
}

/** What both forms of a dynamic reservation say besides type and role. */
function owner({ principal, labels }: ResourceReservationInfo): ResourceReservationInfo {
  return { ...(principal !== undefined && { principal }), ...(labels !== undefined && { labels }) };
}

/** Role that a resource is reserved to: that of the last reservation; undefined when unreserved. */
export function reservationRole(resource: Resource): string | undefined {
  const { reservations } = toPostRefinement(resource);
  return reservations?.[reservations.length - 1]?.role;
}

/**
 * Resources as a framework sees them: in its representation, and without `allocation_info` unless it is MULTI_ROLE.
 *
 * @param resources in the post-refinement representation
 * @param capabilities of the framework
 * @source scheduler API: what each framework capability changes
 */
export function resourcesForFramework(
  resources: readonly Resource[],
  capabilities: ReadonlySet<FrameworkInfoCapabilityType>,
): Resource[] {
  const formatted = capabilities.has('RESERVATION_REFINEMENT')
    ? [...resources]
    : resources.flatMap((resource) => toPreRefinement(resource) ?? []);
  return capabilities.has('MULTI_ROLE') ? formatted : formatted.map(withoutAllocation);
}

function withoutAllocation(resource: Resource): Resource {
  const copy = { ...resource };
  delete copy.allocation_info;
  return copy;
}

/** An offer as a framework sees it; see {@link resourcesForFramework}. */
export function offerForFramework(offer: Offer, capabilities: ReadonlySet<FrameworkInfoCapabilityType>): Offer {
  const { allocation_info, resources, ...rest } = offer;
  return {
    ...rest,
    ...(resources !== undefined && { resources: resourcesForFramework(resources, capabilities) }),
    ...(allocation_info !== undefined && capabilities.has('MULTI_ROLE') && { allocation_info }),
  };
}
