import type { ContainerID, Resource } from '@tranche/mesos-api';
import { unsupportedOfContainer } from '../tasks/unsupported-features.js';
import type { ContainerRequest } from './launch-container.js';

/**
 * Why a container cannot be launched as it is asked for, whatever else is on the agent.
 *
 * @returns undefined for one that can
 * @source Mesos 1.11: LAUNCH_CONTAINER; operator API §5
 */
export function refuseContainer({
  id,
  command,
  container,
  resources = [],
  limits,
}: ContainerRequest): string | undefined {
  if (container?.type === 'DOCKER' || container?.docker !== undefined) {
    return 'The provided ContainerInfo is not supported';
  }
  const unsupported = unsupportedOfContainer(command, container, id.parent !== undefined);
  if (unsupported.length > 0) return `This version of the agent does not support ${unsupported.join(', ')}`;
  const asks = resources.length > 0 || Object.keys(limits ?? {}).length > 0;
  const hasOwnCgroups = container?.linux_info?.share_cgroups === false;
  if (isInNested(id) && (asks || hasOwnCgroups)) {
    return 'Resources, limits and cgroups of its own cannot be had by a container at the second level of nesting or deeper';
  }
  if (id.parent !== undefined && asks && !hasOwnCgroups) {
    return "A nested container has resources and limits of its own only with 'linux_info.share_cgroups' set to false";
  }
  return id.parent === undefined ? resources.map(whyNotStandalone).find((reason) => reason !== undefined) : undefined;
}

const isInNested = ({ parent }: ContainerID): boolean => parent?.parent !== undefined;

/** What no offer has given may only be of the kinds that need none. */
function whyNotStandalone(resource: Resource): string | undefined {
  const isReserved = (resource.reservations ?? []).length > 0 || (resource.role !== undefined && resource.role !== '*');
  if (isReserved) return `Resource '${resource.name}' of a standalone container must be unreserved`;
  if (resource.revocable !== undefined)
    return `Resource '${resource.name}' of a standalone container must not be revocable`;
  if (resource.disk?.persistence !== undefined || resource.disk?.volume !== undefined) {
    return 'A standalone container must not use persistent volumes';
  }
  return resource.shared === undefined
    ? undefined
    : `Resource '${resource.name}' of a standalone container must not be shared`;
}
