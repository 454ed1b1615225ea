import { Resources } from '@tranche/resources';
import type { OperationRule } from './operation-rule.js';
import { listError, volumesError } from './resource-list.rules.js';

/** DESTROY: volumes that are there, and that no task or executor uses. */
export const destroyRule: OperationRule = ({ destroy }, { total, used }) => {
  const documents = destroy?.volumes ?? [];
  const volumes = Resources.fromJson(documents).withoutAllocationRole();
  const error = listError(documents, volumes);
  if (error !== undefined) return error;
  const notVolume = volumesError(documents);
  if (notVolume !== undefined) return `Not a persistent volume: ${notVolume}`;
  const each = Array.from(volumes, (volume) => Resources.of([{ ...volume, copies: 1 }]));
  if (each.some((volume) => !total.contains(volume))) return 'Persistent volumes not found';
  return used.some((held) => each.some((volume) => held.contains(volume))) ? 'Persistent volumes in use' : undefined;
};
