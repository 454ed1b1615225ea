import type { ResourceValue } from './values/resource-value.js';

/** A key with an optional value, as frameworks and operators attach them. */
export interface Label {
  readonly key: string;
  readonly value?: string;
}

export type ReservationType = 'STATIC' | 'DYNAMIC';

/** One entry of a reservation stack. */
export interface Reservation {
  readonly type: ReservationType;
  readonly role: string;
  readonly principal?: string;
  readonly labels?: readonly Label[];
}

export type DiskSourceType = 'PATH' | 'MOUNT' | 'BLOCK' | 'RAW';

/** Where disk space comes from when it is not the file system of the agent's work directory. */
export interface DiskSource {
  readonly type: DiskSourceType;
  /** Directory of a PATH or MOUNT disk. */
  readonly root?: string;
  readonly id?: string;
  readonly profile?: string;
  readonly vendor?: string;
  readonly metadata?: readonly Label[];
}

/** How a task sees a volume: no part of a resource's identity (allocation rule A3). Other members pass through. */
export interface VolumeMount {
  readonly mode: 'RW' | 'RO';
  readonly container_path: string;
  readonly host_path?: string;
}

export interface DiskInfo {
  readonly source?: DiskSource;
  /** Makes the resource a persistent volume. The principal is no part of the identity. */
  readonly persistence?: { readonly id: string; readonly principal?: string };
  readonly volume?: VolumeMount;
}

/** One resource object: a value and everything that tells it from others of its name (allocation rules A1, A3). */
export interface Resource {
  readonly name: string;
  readonly value: ResourceValue;
  /** The stack, bottom first; empty means unreserved. The last entry is the effective one (A10). */
  readonly reservations: readonly Reservation[];
  readonly disk?: DiskInfo;
  readonly revocable?: boolean;
  readonly shared?: boolean;
  readonly providerId?: string;
  /** The role it is allocated to; absent while unallocated. */
  readonly allocationRole?: string;
  /** Copies of a shared volume (A5); default 1, and meaningless for anything else. */
  readonly copies?: number;
}

export function isPersistentVolume(resource: Resource): boolean {
  return resource.disk?.persistence !== undefined;
}

/**
 * Whether it can only be taken as a whole: persistent volumes, MOUNT and BLOCK disks, RAW disks with an id.
 *
 * @source allocation rules A4 and A6
 */
export function isIndivisible(resource: Resource): boolean {
  const { disk } = resource;
  if (disk === undefined) return false;
  if (disk.persistence !== undefined) return true;
  const source = disk.source;
  if (source === undefined || source.type === 'PATH') return false;
  return source.type === 'RAW' ? source.id !== undefined : true;
}

/** The role it is reserved for: that of the last entry of the stack; undefined when unreserved (A10). */
export function reservationRole(resource: Resource): string | undefined {
  return resource.reservations.at(-1)?.role;
}

export function isReserved(resource: Resource): boolean {
  return resource.reservations.length > 0;
}

export function isDynamicallyReserved(resource: Resource): boolean {
  return resource.reservations.at(-1)?.type === 'DYNAMIC';
}

/** Two entries or more on the stack: needs the reservation-refinement capability (A10, A48). */
export function hasRefinedReservation(resource: Resource): boolean {
  return resource.reservations.length > 1;
}
