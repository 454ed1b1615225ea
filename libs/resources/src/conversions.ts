import { type DiskInfo, isPersistentVolume, type Resource } from './resource.js';
import { popReservation } from './reservations/reservation.js';
import { Resources } from './resources.js';
import type { Milli } from './values/milli.js';
import { addValues, cutValue, subtractValues } from './values/resource-value.js';

/** What an operation takes from a collection and what it puts there instead. */
export interface Conversion {
  readonly consumed: Resources;
  readonly converted: Resources;
}

export type ConversionResult =
  | { readonly ok: true; readonly resources: Resources }
  /** `reason` is the text that Mesos sends for a refused operation. */
  | { readonly ok: false; readonly reason: string };

/**
 * The collection after an operation; refused when it lacks what is consumed, or when copies of a shared volume that is
 * to go would remain.
 *
 * @source allocation rules A4 (containment) and A69; Mesos refuses to destroy a volume with further copies
 */
export function applyConversion(resources: Resources, consumed: Resources, converted: Resources): ConversionResult {
  if (!resources.contains(consumed))
    return { ok: false, reason: `${resources.toString()} does not contain ${consumed.toString()}` };
  const rest = resources.minus(consumed);
  for (const volume of consumed.shared()) {
    const single = Resources.of([{ ...volume, copies: 1 }]);
    if (rest.contains(single)) {
      return {
        ok: false,
        reason: `Persistent volume ${single.toString()} cannot be removed due to additional shared copies`,
      };
    }
  }
  return { ok: true, resources: rest.plus(converted) };
}

/**
 * RESERVE: the resources as they shall be, each with the new entry on top of its stack.
 *
 * @param source what they are made of, when it is not simply the resources without that entry
 * @throws ResourceError `resources/bad-reservation` when the top entry is not DYNAMIC
 */
export function reserveConversion(resources: Resources, source?: Resources): Conversion {
  return { consumed: source ?? resources.map(popReservation), converted: resources };
}

/**
 * UNRESERVE: the resources as they are; the top entry of each stack goes.
 *
 * @throws ResourceError `resources/bad-reservation` when the top entry is not DYNAMIC
 */
export function unreserveConversion(resources: Resources): Conversion {
  return { consumed: resources, converted: resources.map(popReservation) };
}

/** CREATE: the volumes as they shall be, made of plain disk with the same reservations and source. */
export function createVolumesConversion(volumes: Resources): Conversion {
  return { consumed: withoutVolumes(volumes), converted: volumes };
}

/** DESTROY: the volumes as they are become plain disk again. */
export function destroyVolumesConversion(volumes: Resources): Conversion {
  return { consumed: volumes, converted: withoutVolumes(volumes) };
}

/** GROW_VOLUME: a volume and plain disk to add become one larger volume. */
export function growVolumeConversion(volume: Resource, addition: Resource): Conversion {
  const grown = { ...volume, value: addValues(volume.value, addition.value) };
  return { consumed: Resources.of([volume, addition]), converted: Resources.of([grown]) };
}

/** SHRINK_VOLUME: a volume becomes smaller by so many thousandths, which become plain disk. */
export function shrinkVolumeConversion(volume: Resource, byMilli: Milli): Conversion {
  const freed = cutValue(volume.value, byMilli);
  const shrunk = { ...volume, value: subtractValues(volume.value, freed) };
  const plain = { ...withoutVolume(volume), value: freed };
  return { consumed: Resources.of([volume]), converted: Resources.of([shrunk, plain]) };
}

/** Persistent volumes as the plain disk they are made of; other resources stay. Copies of a volume are one disk. */
export function withoutVolumes(volumes: Resources): Resources {
  return volumes.map((resource) => (isPersistentVolume(resource) ? withoutVolume(resource) : resource));
}

function withoutVolume(volume: Resource): Resource {
  const source = volume.disk?.source;
  const disk: DiskInfo | undefined = source === undefined ? undefined : { source };
  return { ...volume, disk, shared: undefined, copies: undefined };
}
