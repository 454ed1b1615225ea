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
  return resource instanceof StoredResource ? resource.key : computeKey(resource);
}

/** A resource as collections hold it: its identity is worked out once and shared by every value derived from it. */
export class StoredResource implements Resource {
  readonly name: string;
  readonly reservations: readonly Reservation[];
  readonly disk?: DiskInfo;
  readonly revocable?: boolean;
  readonly shared?: boolean;
  readonly providerId?: string;
  readonly allocationRole?: string;

  /** All fields are always assigned in one order, so that the engine sees one object layout. */
  constructor(
    from: Resource,
    readonly value: Resource['value'],
    readonly copies: number | undefined,
    readonly key: string,
  ) {
    this.name = from.name;
    this.reservations = from.reservations;
    this.disk = from.disk;
    this.revocable = from.revocable;
    this.shared = from.shared;
    this.providerId = from.providerId;
    this.allocationRole = from.allocationRole;
  }

  static from(resource: Resource): StoredResource {
    if (resource instanceof StoredResource) return resource;
    const copies = resource.shared === true ? (resource.copies ?? 1) : undefined;
    return new StoredResource(resource, resource.value, copies, computeKey(resource));
  }

  withValue(value: Resource['value']): StoredResource {
    return new StoredResource(this, value, this.copies, this.key);
  }

  withCopies(copies: number): StoredResource {
    return new StoredResource(this, this.value, copies, this.key);
  }
}

const KIND_CODE = { scalar: 'n', ranges: 'r', set: 's' } as const;

function computeKey(resource: Resource): string {
  let key = KIND_CODE[resource.value.kind] + text(resource.name);
  for (const entry of resource.reservations) key += reservationKey(entry);
  if (resource.disk !== undefined) key += diskKey(resource.disk);
  if (resource.revocable === true) key += 'R';
  if (resource.shared === true) key += 'S';
  if (resource.providerId !== undefined) key += `P${text(resource.providerId)}`;
  if (resource.allocationRole !== undefined) key += `A${text(resource.allocationRole)}`;
  return key;
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
