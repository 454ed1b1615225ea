import type { Resource as ResourceDocument } from '@tranche/mesos-api';
import { printResource, type Resource, Resources, toMilli, valueQuantity, withoutVolumes } from '@tranche/resources';
import type { OperationRule } from './operation-rule.js';
import { volumesError } from './resource-list.rules.js';

/** GROW_VOLUME: plain disk of the same kind is added to a volume of the agent's own that is not shared. */
export const growVolumeRule: OperationRule = ({ grow_volume: grow }, { agent }) => {
  const volume = read(grow?.volume);
  const addition = read(grow?.addition);
  if (volume === undefined || addition === undefined || valueQuantity(addition.value) <= 0) {
    return "The size of 'GrowVolume.addition' field must be greater than zero";
  }
  if (volume.providerId !== undefined) return 'Growing a volume from a resource provider is not supported';
  const error = notVolumeError(grow?.volume);
  if (error !== undefined) return `Invalid persistent volume in the 'GrowVolume.volume' field: ${error}`;
  if (volume.shared === true) return 'Growing a shared persistent volume is not supported';
  if (withoutVolumes(Resources.of([volume])).plus(Resources.of([addition])).size !== 1) {
    return "Incompatible resources in the 'GrowVolume.volume' and 'GrowVolume.addition' fields";
  }
  return agent.capabilities.has('RESIZE_VOLUME')
    ? undefined
    : `Volume ${printResource(volume)} cannot be grown on an agent without RESIZE_VOLUME capability`;
};

/** SHRINK_VOLUME: something is taken off a volume of the agent's own that is not shared and not a whole MOUNT disk; something is left. */
export const shrinkVolumeRule: OperationRule = ({ shrink_volume: shrink }, { agent }) => {
  const volume = read(shrink?.volume);
  const subtractMilli = toMilli(Number(shrink?.subtract.value ?? 0));
  if (!(subtractMilli > 0)) return "Value of 'ShrinkVolume.subtract' must be greater than zero";
  if (volume === undefined || valueQuantity(volume.value) <= subtractMilli) {
    return "Value of 'ShrinkVolume.subtract' must be smaller than the size of 'ShrinkVolume.volume'";
  }
  if (volume.providerId !== undefined) return 'Shrinking a volume from a resource provider is not supported';
  if (volume.disk?.source?.type === 'MOUNT') return 'Shrinking a volume on a MOUNT disk is not supported';
  const error = notVolumeError(shrink?.volume);
  if (error !== undefined) return `Invalid persistent volume in the 'ShrinkVolume.volume' field: ${error}`;
  if (volume.shared === true) return 'Shrinking a shared persistent volume is not supported';
  return agent.capabilities.has('RESIZE_VOLUME')
    ? undefined
    : `Volume ${printResource(volume)} cannot be shrunk on an agent without RESIZE_VOLUME capability`;
};

/** @returns undefined for nothing at all: a resource of size zero vanishes */
function read(document: ResourceDocument | undefined): Resource | undefined {
  const [resource] = Resources.fromJson(document === undefined ? [] : [document]);
  return resource;
}

const notVolumeError = (document: ResourceDocument | undefined): string | undefined =>
  document === undefined ? undefined : volumesError([document]);
