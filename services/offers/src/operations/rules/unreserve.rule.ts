import { isDynamicallyReserved, isPersistentVolume, printResource, Resources } from '@tranche/resources';
import type { OperationRule } from './operation-rule.js';
import { listError } from './resource-list.rules.js';

/** UNRESERVE: of dynamic reservations, not of volumes. Whose reservation it is, is for permissions to say. */
export const unreserveRule: OperationRule = ({ unreserve }) => {
  const documents = unreserve?.resources ?? [];
  const resources = Resources.fromJson(documents);
  const error = listError(documents, resources);
  if (error !== undefined) return error;
  for (const resource of resources) {
    const printed = printResource(resource);
    if (!isDynamicallyReserved(resource)) return `Resource ${printed} is not dynamically reserved`;
    if (isPersistentVolume(resource)) {
      return (
        `A dynamically reserved persistent volume ${printed} cannot be unreserved directly. ` +
        'Please destroy the persistent volume first then unreserve the resource'
      );
    }
  }
  return undefined;
};
