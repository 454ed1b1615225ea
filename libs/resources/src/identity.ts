import type { DiskInfo, Label, Reservation, Resource } from './resource.js';

/**
 * Text that is equal for two resources exactly when everything but their value and copies is equal.
 *
 * Strings are prefixed by their length, so no name, role or label can imitate another. A resource that went through
 * a collection carries its key; it is computed once.
 *
 * @source allocation rule A3: name, kind, reservation stack, disk source, persistence id, revocable, shared, provider,
 *   allocation role; not how a volume is mounted, not who created it
 */
export function identityKey(resource: Resource): string {
  return StoredResource.from(resource).key;
}

/** A resource as collections hold it: its identity is worked out once and shared by every value derived from it. */
export class StoredResource implements Resource {
  readonly name: string;
  readonly reservations: readonly Reservation[];
  readonly disk?: DiskInfo;
  readonly revocable?: boolean;
  readonly shared?: boolean;
  readonly providerId?: string;

  /**
   * All fields are always assigned in one order, so that the engine sees one object layout.
   *
   * @param lastingKey the identity without the allocation role, which comes and goes with every offer
   * @param key the whole identity
   */
  private constructor(
    from: Resource,
    readonly value: Resource['value'],
    readonly copies: number | undefined,
    readonly allocationRole: string | undefined,
    readonly lastingKey: string,
    readonly key: string,
  ) {
    this.name = from.name;
    this.reservations = from.reservations;
    this.disk = from.disk;
    this.revocable = from.revocable;
    this.shared = from.shared;
    this.providerId = from.providerId;
  }

  static from(resource: Resource): StoredResource {
    if (resource instanceof StoredResource) return resource;
    const copies = resource.shared === true ? (resource.copies ?? 1) : undefined;
    const lasting = computeLastingKey(resource);
    const { allocationRole } = resource;
    return new StoredResource(
      resource,
      resource.value,
      copies,
      allocationRole,
      lasting,
      lasting + allocationKey(allocationRole),
    );
  }

  withValue(value: Resource['value']): StoredResource {
    return new StoredResource(this, value, this.copies, this.allocationRole, this.lastingKey, this.key);
  }

  withCopies(copies: number): StoredResource {
    return new StoredResource(this, this.value, copies, this.allocationRole, this.lastingKey, this.key);
  }

  withAllocationRole(role: string | undefined): StoredResource {
    if (role === this.allocationRole) return this;
    return new StoredResource(
      this,
      this.value,
      this.copies,
      role,
      this.lastingKey,
      this.lastingKey + allocationKey(role),
    );
  }
}

const KIND_CODE = { scalar: 'n', ranges: 'r', set: 's' } as const;

function computeLastingKey(resource: Resource): string {
  let key = KIND_CODE[resource.value.kind] + text(resource.name);
  for (const entry of resource.reservations) key += reservationKey(entry);
  if (resource.disk !== undefined) key += diskKey(resource.disk);
  if (resource.revocable === true) key += 'R';
  if (resource.shared === true) key += 'S';
  if (resource.providerId !== undefined) key += `P${text(resource.providerId)}`;
  return key;
}

function allocationKey(role: string | undefined): string {
  return role === undefined ? '' : `A${text(role)}`;
}

function reservationKey({ type, role, principal, labels }: Reservation): string {
  return `(${type === 'STATIC' ? 's' : 'd'}${text(role)}${optional(principal)}${labelsKey(labels)})`;
}

function diskKey({ source, persistence }: DiskInfo): string {
  const from =
    source === undefined
      ? '-'
      : source.type +
        [source.root, source.id, source.profile, source.vendor].map(optional).join('') +
        labelsKey(source.metadata);
  return `[${from}${optional(persistence?.id)}]`;
}

/** Labels are equal in any order; none at all differs from an empty list, as in Mesos. */
function labelsKey(labels: readonly Label[] | undefined): string {
  if (labels === undefined) return '-';
  const keys = labels.map(({ key, value }) => text(key) + optional(value));
  return `{${keys.toSorted().join('')}}`;
}

function optional(value: string | undefined): string {
  return value === undefined ? '-' : text(value);
}

function text(value: string): string {
  return `${value.length}:${value}`;
}
