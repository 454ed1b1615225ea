import { isDynamicallyReserved, printResource, reservationRole, type Resource, Resources } from '@tranche/resources';
import type { OperationAsker, OperationRule } from './operation-rule.js';
import { agentError, listError, singleRoleError } from './resource-list.rules.js';

/** RESERVE: dynamic reservations for a role of the framework, with its principal, of what is allocated to that role. */
export const reserveRule: OperationRule = ({ reserve }, { asker, agent }) => {
  const documents = reserve?.resources ?? [];
  const resources = Resources.fromJson(documents);
  const error = listError(documents, resources);
  if (error !== undefined) return error;
  for (const resource of resources) {
    const fault =
      (isDynamicallyReserved(resource)
        ? undefined
        : `Resource ${printResource(resource)} is not dynamically reserved`) ??
      agentError(resource, agent, 'reserved') ??
      principalError(resource, asker.principal) ??
      roleError(resource, asker);
    if (fault !== undefined) return fault;
  }
  return singleRoleError(resources, 'reservation');
};

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

function roleError(resource: Resource, { roles }: OperationAsker): string | undefined {
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
