import type { Resource as ResourceDocument } from '@tranche/mesos-api';
import { isDynamicallyReserved, printResource, reservationRole, type Resource, Resources } from '@tranche/resources';
import type { AskingFramework, OperationRule } from './operation-rule.js';
import { agentError, listError, singleRoleError } from './resource-list.rules.js';

/**
 * RESERVE: dynamic reservations with the asker's principal. A framework's are for a role of it, of what is allocated to that role; an
 * operator's are of what is allocated to nobody, and may be made of other reservations.
 */
export const reserveRule: OperationRule = ({ reserve }, { asker, agent }) => {
  const documents = reserve?.resources ?? [];
  const resources = Resources.fromJson(documents);
  const error = sourceError(reserve?.source ?? [], documents) ?? listError(documents, resources);
  if (error !== undefined) return error;
  for (const resource of resources) {
    const fault =
      (isDynamicallyReserved(resource)
        ? undefined
        : `Resource ${printResource(resource)} is not dynamically reserved`) ??
      agentError(resource, agent, 'reserved') ??
      principalError(resource, asker.principal) ??
      (asker.framework === undefined ? allocatedError(resource) : roleError(resource, asker.framework));
    if (fault !== undefined) return fault;
  }
  return asker.framework === undefined ? undefined : singleRoleError(resources, 'reservation');
};

/** What reservations are made of, where it is other than the resources without their last one: as much of the same, all reserved alike. */
function sourceError(source: readonly ResourceDocument[], target: readonly ResourceDocument[]): string | undefined {
  if (source.length === 0) return undefined;
  const [from, to] = [Resources.fromJson(source), Resources.fromJson(target)];
  if (isMixed(from)) return `Invalid source: Mixed reservations are not supported${from.toString()}`;
  if (to.isEmpty) return 'Invalid resources: Resource cannot be empty';
  if (isMixed(to)) return `Invalid resources: Mixed reservations are not supported${to.toString()}`;
  if (from.withoutReservations().equals(to.withoutReservations())) return undefined;
  const [before, after] = [from.withoutReservations().toString(), to.withoutReservations().toString()];
  return `Source and target resources should refer to identical resource quantities: ${before} vs. ${after}`;
}

const isMixed = (resources: Resources): boolean =>
  new Set(Array.from(resources, ({ reservations }) => JSON.stringify(reservations))).size > 1;

const allocatedError = ({ allocationRole }: Resource): string | undefined =>
  allocationRole === undefined
    ? undefined
    : 'A reserve operation was attempted with an allocated resource, but the operator API only allows reservations to ' +
      'be made to unallocated resources';

function principalError(resource: Resource, principal: string | undefined): string | undefined {
  if (principal === undefined) return undefined;
  const reserver = resource.reservations.at(-1)?.principal;
  if (reserver === undefined) {
    return (
      `A reserve operation was attempted by principal '${principal}', but there is a ` +
      'reserved resource in the request with no principal set'
    );
  }
  if (reserver === principal) return undefined;
  return (
    `A reserve operation was attempted by authenticated principal '${principal}', which does not match a ` +
    `reserved resource in the request with principal '${reserver}'`
  );
}

function roleError(resource: Resource, { roles }: AskingFramework): string | undefined {
  const role = reservationRole(resource) ?? '';
  const allocated = resource.allocationRole ?? '';
  if (allocated !== role) {
    return (
      `A reserve operation was attempted for a resource with role '${role}', but the resource was allocated to role ` +
      `'${allocated}'`
    );
  }
  if (roles.includes(role)) return undefined;
  return (
    `A reserve operation was attempted for a resource allocated to role '${role}', but the framework only has roles ` +
    `'{ ${roles.toSorted().join(', ')} }'`
  );
}
