import type { OfferOperation, Resource } from '@tranche/mesos-api';
import { Resources, validateResources } from '@tranche/resources';
import type { Agent } from '../agents/agent.js';

/** Every resource that an operation other than a launch names. */
export function resourcesOf(operation: OfferOperation): Resource[] {
  const { reserve, unreserve, create, destroy, grow_volume, shrink_volume, create_disk, destroy_disk } = operation;
  return [
    ...(reserve?.source ?? []),
    ...(reserve?.resources ?? []),
    ...(unreserve?.resources ?? []),
    ...(create?.volumes ?? []),
    ...(destroy?.volumes ?? []),
    ...(grow_volume === undefined ? [] : [grow_volume.volume, grow_volume.addition]),
    ...(shrink_volume === undefined ? [] : [shrink_volume.volume]),
    ...(create_disk === undefined ? [] : [create_disk.source]),
    ...(destroy_disk === undefined ? [] : [destroy_disk.source]),
  ];
}

/**
 * Why an operation other than a launch is not even looked at: a resource is malformed, or feedback is wanted of an agent that gives none.
 *
 * @source scheduler API §5.2 step 1 and §5.3; texts of Mesos 1.11
 */
export function preparationError(operation: OfferOperation, agent: Agent): string | undefined {
  const error = validateResources(resourcesOf(operation)) ?? reservationUpdateError(operation);
  if (error !== undefined) return `Operation attempted with invalid resources: ${error}`;
  return operation.id === undefined ? undefined : feedbackError(operation, agent);
}

const reservationUpdateError = ({ reserve }: OfferOperation): string | undefined =>
  (reserve?.source ?? []).length > 0 ? 'Reservation updates are not yet implemented for the scheduler API.' : undefined;

function feedbackError(operation: OfferOperation, { agentId, capabilities }: Agent): string | undefined {
  if (!capabilities.has('RESOURCE_PROVIDER')) {
    return `Operation requested feedback, but agent ${agentId} does not have the required RESOURCE_PROVIDER capability`;
  }
  const isOfProvider = resourcesOf(operation).some(({ provider_id }) => provider_id !== undefined);
  if (isOfProvider || capabilities.has('AGENT_OPERATION_FEEDBACK')) return undefined;
  return (
    `Operation on agent default resources requested feedback, but agent ${agentId} does not have the required ` +
    'AGENT_OPERATION_FEEDBACK and RESOURCE_PROVIDER capabilities'
  );
}

/**
 * An operation with its resources in post-refinement form, each allocated to the offers' role unless it says otherwise.
 *
 * @param operation its resources are valid each in itself
 * @param role undefined for an operator's, which is of no offers
 */
export function preparedOperation(operation: OfferOperation, role?: string): OfferOperation {
  const all = (documents: readonly Resource[] | undefined): Resource[] =>
    (documents ?? []).map((document) => prepared(document, role));
  const { reserve, unreserve, create, destroy, grow_volume: grow, shrink_volume: shrink } = operation;
  const { create_disk: disk, destroy_disk: noDisk } = operation;
  return {
    ...operation,
    ...(reserve && {
      reserve: {
        ...reserve,
        ...(reserve.source && { source: all(reserve.source) }),
        resources: all(reserve.resources),
      },
    }),
    ...(unreserve && { unreserve: { ...unreserve, resources: all(unreserve.resources) } }),
    ...(create && { create: { ...create, volumes: all(create.volumes) } }),
    ...(destroy && { destroy: { ...destroy, volumes: all(destroy.volumes) } }),
    ...(grow && {
      grow_volume: { ...grow, volume: prepared(grow.volume, role), addition: prepared(grow.addition, role) },
    }),
    ...(shrink && { shrink_volume: { ...shrink, volume: prepared(shrink.volume, role) } }),
    ...(disk && { create_disk: { ...disk, source: prepared(disk.source, role) } }),
    ...(noDisk && { destroy_disk: { ...noDisk, source: prepared(noDisk.source, role) } }),
  };
}

/** A resource of size zero has no form of its own, and stays as it is. */
function prepared(document: Resource, role: string | undefined): Resource {
  const isAsItIs = role === undefined || document.allocation_info?.role !== undefined;
  const allocated = isAsItIs ? document : { ...document, allocation_info: { role } };
  return Resources.fromJson([allocated]).toJson()[0] ?? allocated;
}
