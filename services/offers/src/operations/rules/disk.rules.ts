import type { Resource as ResourceDocument } from '@tranche/mesos-api';
import { isPersistentVolume, printResource, Resources } from '@tranche/resources';
import { kindError } from '../../tasks/launch-rules/resources.rules.js';
import type { OperationRule } from './operation-rule.js';

const NO_PROVIDER = "'source' is not managed by a resource provider";

/** CREATE_DISK: a RAW disk of a resource provider becomes a MOUNT or BLOCK disk, with a profile from one side. */
export const createDiskRule: OperationRule = ({ create_disk: create }) => {
  const source = create?.source;
  if (source === undefined) return NO_PROVIDER;
  const error = sourceError(source);
  if (error !== undefined) return error;
  if (source.disk?.source?.type !== 'RAW') return "'source' is not a RAW disk resource";
  if (create?.target_type !== 'MOUNT' && create?.target_type !== 'BLOCK') {
    return "'target_type' is neither MOUNT or BLOCK";
  }
  if ((source.disk.source.profile === undefined) !== (create.target_profile === undefined)) return undefined;
  return create.target_profile === undefined
    ? "'target_profile' must be set when 'source' has no profile"
    : "'target_profile' must not be set when 'source' has a profile";
};

/** DESTROY_DISK: a disk of a resource provider with an id, and no volume on it. */
export const destroyDiskRule: OperationRule = ({ destroy_disk: destroy }) => {
  const source = destroy?.source;
  if (source === undefined) return NO_PROVIDER;
  const error = sourceError(source);
  if (error !== undefined) return error;
  const type = source.disk?.source?.type;
  if (type !== 'MOUNT' && type !== 'BLOCK' && type !== 'RAW') {
    return "'source' is neither a MOUNT, BLOCK or RAW disk resource";
  }
  if (source.disk?.source?.id === undefined) return "'source' is not backed by a CSI volume";
  for (const disk of Resources.fromJson([source])) {
    if (isPersistentVolume(disk)) {
      return (
        `A disk resource containing a persistent volume ${printResource(disk)} cannot be destroyed directly. ` +
        'Please destroy the persistent volume first then destroy the disk resource'
      );
    }
  }
  return undefined;
};

function sourceError(source: ResourceDocument): string | undefined {
  const error = kindError([source], Resources.fromJson([source]));
  if (error !== undefined) return `Invalid resource: ${error}`;
  return source.provider_id === undefined ? NO_PROVIDER : undefined;
}
