import { identityKey } from './identity.js';
import { type DiskInfo, isIndivisible, type Resource, reservationRole } from './resource.js';
import { Resources } from './resources.js';
import {
  equalValues,
  intersectValues,
  isEmptyValue,
  type ResourceValue,
  subtractValues,
} from './values/resource-value.js';

/**
 * A resource reduced to what people name it by: name, reservation role, revocable, shared, disk source type with root,
 * persistence id. Static or dynamic, principals, labels, outer reservations, mounts and copies are gone.
 *
 * @source the simulator's rule "Key"
 */
export function nameableForm(resource: Resource): Resource {
  const role = reservationRole(resource);
  const disk = resource.disk === undefined ? undefined : nameableDisk(resource.disk);
  return {
    name: resource.name,
    value: resource.value,
    reservations: role === undefined ? [] : [{ type: 'STATIC', role }],
    ...(disk && { disk }),
    ...(resource.revocable === true && { revocable: true }),
    ...(resource.shared === true && { shared: true }),
  };
}

/** Text that is equal for two resources exactly when people name them alike. */
export function nameableKey(resource: Resource): string {
  return identityKey(nameableForm(resource));
}

/** Whether two collections hold the same amounts under each nameable key. */
export function equalByName(a: Resources, b: Resources): boolean {
  return nameable(a).equals(nameable(b));
}

/**
 * The objects of a collection that a reference means: from matching ones in stored order until the amount is reached.
 *
 * An indivisible object must match in its whole size; a shared volume is referred to once, whatever its copies.
 *
 * @returns undefined when the collection does not hold that much
 * @source the simulator's rule "Key"
 */
export function resolveReference(pool: Resources, reference: Resources): Resources | undefined {
  let rest = pool;
  let found = Resources.EMPTY;
  for (const wanted of reference) {
    const part = resolveOne(rest, wanted);
    if (part === undefined) return undefined;
    rest = rest.minus(part);
    found = found.plus(part);
  }
  return found;
}

function resolveOne(pool: Resources, wanted: Resource): Resources | undefined {
  const key = nameableKey(wanted);
  const taken: Resource[] = [];
  let missing = wanted.value;
  for (const held of pool) {
    if (isEmptyValue(missing)) break;
    if (nameableKey(held) !== key) continue;
    const value = takeable(held, missing);
    if (isEmptyValue(value)) continue;
    taken.push({ ...held, value, copies: 1 });
    missing = subtractValues(missing, value);
  }
  return isEmptyValue(missing) ? Resources.of(taken) : undefined;
}

function takeable(held: Resource, wanted: ResourceValue): ResourceValue {
  if (!isIndivisible(held)) return intersectValues(held.value, wanted);
  return equalValues(held.value, wanted) ? held.value : subtractValues(held.value, held.value);
}

function nameable(resources: Resources): Resources {
  const merged = resources.map(nameableForm);
  return merged.map((resource) => (resource.shared === true ? { ...resource, copies: 1 } : resource));
}

function nameableDisk({ source, persistence }: DiskInfo): DiskInfo | undefined {
  if (source === undefined && persistence === undefined) return undefined;
  return {
    ...(source && { source: { type: source.type, ...(source.root !== undefined && { root: source.root }) } }),
    ...(persistence && { persistence: { id: persistence.id } }),
  };
}
