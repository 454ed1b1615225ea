import type { Resource } from '@tranche/mesos-api';
import {
  hasRefinedReservation,
  printResource,
  reservationRole,
  type Resource as ReadResource,
  Resources,
} from '@tranche/resources';
import type { Agent } from '../../agents/agent.js';
import { kindError, severalRolesError } from '../../tasks/launch-rules/resources.rules.js';

/** What is wrong with the resources of an operation as a list, beyond each in itself. */
export function listError(documents: readonly Resource[], resources: Resources): string | undefined {
  const error = kindError(documents, resources) ?? providerError(documents);
  return error === undefined ? undefined : `Invalid resources: ${error}`;
}

/** All of one resource provider; those without one are the agent's own. An empty list is of none. */
function providerError(documents: readonly Resource[]): string | undefined {
  const providers = new Set(documents.map(({ provider_id }) => provider_id?.value));
  if (providers.size === 1) return undefined;
  if (providers.has(undefined)) return 'Some resources have a resource provider and some do not';
  return `The resources have multiple resource providers: ${[...providers].join(', ')}`;
}

/** What is wrong with persistent volumes, of the first that is none. */
export function volumesError(documents: readonly Resource[]): string | undefined {
  for (const document of documents) {
    const { disk } = document;
    if (disk === undefined) return `Resource ${Resources.fromJson([document]).toString()} does not have DiskInfo`;
    if (disk.persistence === undefined) return "'persistence' is not set in DiskInfo";
    if (disk.volume === undefined) return "Expecting 'volume' to be set for persistent volume";
    if (disk.volume.mode === 'RO') return 'Read-only persistent volume not supported';
  }
  return undefined;
}

/** Whether the agent knows the kinds of roles and reservations. @param done what cannot be done there, `reserved` or `created` */
export function agentError(resource: ReadResource, agent: Agent, done: 'reserved' | 'created'): string | undefined {
  const subject = `${done === 'created' ? 'Volume' : 'Resource'} ${printResource(resource)}`;
  const role = reservationRole(resource) ?? '';
  if (!agent.capabilities.has('HIERARCHICAL_ROLE') && role.includes('/')) {
    return `${subject} with reservation for hierarchical role '${role}' cannot be ${done} on an agent without HIERARCHICAL_ROLE capability`;
  }
  if (!agent.capabilities.has('RESERVATION_REFINEMENT') && hasRefinedReservation(resource)) {
    return `${subject} with reservation refinement cannot be ${done} on an agent without RESERVATION_REFINEMENT capability`;
  }
  return undefined;
}

/** @param what `reservation` or `volume` */
export function singleRoleError(resources: Resources, what: string): string | undefined {
  const error = severalRolesError(resources);
  return error === undefined ? undefined : `Invalid ${what} resources: ${error}`;
}
