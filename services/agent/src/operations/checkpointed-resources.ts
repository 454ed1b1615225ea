import {
  isDynamicallyReserved,
  isPersistentVolume,
  popReservation,
  type Resource,
  Resources,
  subtractValues,
  withoutVolumes,
} from '@tranche/resources';

/** What the agent has once its reservations and volumes are laid over what it is configured with. */
export interface FittedResources {
  readonly total: Resources;
  /** Reservations and volumes, or parts of them, that the agent has no room for at present. Kept, and not offered. */
  readonly unfit: Resources;
}

/** Whether a resource was made what it is by an operation, so that the agent must remember it. @source Mesos 1.11: needCheckpointing */
export const needsCheckpoint = (resource: Resource): boolean =>
  isDynamicallyReserved(resource) || isPersistentVolume(resource);

/**
 * Lays checkpointed reservations and volumes over the configured total, each in place of the plain resource it was made of.
 *
 * Where the total has shrunk, volumes come first and stay whole or not at all; of a reservation stays what there is room for.
 */
export function fitCheckpointed(configured: Resources, checkpointed: Resources): FittedResources {
  let rest = configured;
  let total = Resources.EMPTY;
  let unfit = Resources.EMPTY;
  for (const resource of [...checkpointed.filter(isPersistentVolume), ...checkpointed.filter(isNoVolume)]) {
    const whole = Resources.of([resource]);
    const plain = withoutVolumes(whole).map(plainOf);
    const missing = plain.minus(rest);
    const fitting = missing.isEmpty || !isNoVolume(resource) ? undefined : partOf(resource, missing);
    if (missing.isEmpty) {
      rest = rest.minus(plain);
      total = total.plus(whole);
    } else if (fitting === undefined) {
      unfit = unfit.plus(whole);
    } else {
      rest = rest.minus(plain);
      total = total.plus(fitting);
      unfit = unfit.plus(whole.minus(fitting));
    }
  }
  return { total: rest.plus(total), unfit };
}

const isNoVolume = (resource: Resource): boolean => !isPersistentVolume(resource);

/** As the operator configured it: without what operations have put on its reservation stack. */
function plainOf(resource: Resource): Resource {
  let plain = resource;
  while (isDynamicallyReserved(plain)) plain = popReservation(plain);
  return plain;
}

function partOf(resource: Resource, missing: Resources): Resources {
  let { value } = resource;
  for (const lacking of missing) value = subtractValues(value, lacking.value);
  return Resources.of([{ ...resource, value }]);
}
