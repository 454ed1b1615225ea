import { idError, type Resource } from '@tranche/mesos-api';
import {
  isDynamicallyReserved,
  isPersistentVolume,
  isReserved,
  printResource,
  reservationRole,
  type Resources,
} from '@tranche/resources';
import type { LaunchRule } from './launch-rule.js';

/** Rule 8. That each resource is valid in itself has been checked for the operation as a whole. */
export const taskResourcesAreValid: LaunchRule = ({ info, resources }) =>
  (info.resources ?? []).length === 0
    ? 'Task uses no resources'
    : resourceListError(info.resources ?? [], resources, {
        uses: 'Task uses',
        mixes: 'Task mixes',
        invalid: 'Invalid task resources',
      });

/** Whose resources they are, in Mesos' words. */
export interface Owner {
  readonly uses: string;
  readonly mixes: string;
  readonly invalid: string;
}

/** What is wrong with the resources of a task or executor, beyond each in itself. */
export function resourceListError(
  documents: readonly Resource[],
  resources: Resources,
  owner: Owner,
): string | undefined {
  const invalid = kindError(documents, resources);
  if (invalid !== undefined) return `${owner.uses} invalid resources: ${invalid}`;
  const twice = duplicatePersistenceError(resources);
  if (twice !== undefined) return `${owner.uses} duplicate persistence ID: ${twice}`;
  const roles = severalRolesError(resources);
  if (roles !== undefined) return `${owner.invalid}: ${roles}`;
  const mixed = revocableMixError(resources);
  return mixed === undefined ? undefined : `${owner.mixes} revocable and non-revocable resources: ${mixed}`;
}

/** Rules of certain kinds: whole gpus, consistent disks, reservations of what stays. */
export function kindError(documents: readonly Resource[], resources: Resources): string | undefined {
  if (resources.scalarMilli('gpus') % 1000 !== 0) {
    return "Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer";
  }
  for (const document of documents) {
    const error = diskError(document);
    if (error !== undefined) return `Invalid DiskInfo: ${error}`;
  }
  for (const resource of resources) {
    if (isDynamicallyReserved(resource) && resource.revocable === true) {
      const printed = printResource(resource);
      return `Invalid ReservationInfo: Dynamically reserved resource ${printed} cannot be created from revocable resources`;
    }
  }
  return undefined;
}

function diskError({ disk, revocable, reservations, role }: Resource): string | undefined {
  if (disk === undefined) return undefined;
  const { persistence, volume, source } = disk;
  if (persistence === undefined) {
    if (volume !== undefined) return 'Non-persistent volume not supported';
    return source === undefined ? 'DiskInfo is set but empty' : undefined;
  }
  if (revocable !== undefined) return 'Persistent volumes cannot be created from revocable resources';
  const isUnreserved = (reservations ?? []).length === 0 && (role ?? '*') === '*';
  if (isUnreserved) return 'Persistent volumes cannot be created from unreserved resources';
  if (volume === undefined) return "Expecting 'volume' to be set for persistent volume";
  if (volume.host_path !== undefined) return "Expecting 'host_path' to be unset for persistent volume";
  const error = idError(persistence.id);
  return error === undefined ? undefined : `Invalid persistence ID for persistent volume: ${error}`;
}

/** Persistence ids are unique per role on an agent. */
export function duplicatePersistenceError(resources: Resources): string | undefined {
  const seen = new Set<string>();
  for (const resource of resources) {
    const id = resource.disk?.persistence?.id;
    if (id === undefined || !isPersistentVolume(resource) || !isReserved(resource)) continue;
    const key = JSON.stringify([reservationRole(resource), id]);
    if (seen.has(key)) return `Persistence ID '${id}' is not unique`;
    seen.add(key);
  }
  return undefined;
}

export function severalRolesError(resources: Resources): string | undefined {
  let role: string | undefined;
  for (const { allocationRole } of resources) {
    if (allocationRole === undefined) return 'The resources are not allocated to a role';
    role ??= allocationRole;
    if (allocationRole !== role) {
      return `The resources have multiple allocation roles ('${allocationRole}' and '${role}') but only one allocation role is allowed`;
    }
  }
  return undefined;
}

export function revocableMixError(resources: Resources): string | undefined {
  const kept = new Set([...resources.nonRevocable()].map(({ name }) => name));
  for (const { name } of resources.revocable()) {
    if (kept.has(name)) return `Cannot use both revocable and non-revocable '${name}' at the same time`;
  }
  return undefined;
}
