import { addAll, containsAll, type StoredList, subtractAll } from './algebra.js';
import { type CutOrder, cutToBounds } from './cut.js';
import { StoredResource } from './identity.js';
import { readResource } from './json/read-resource.js';
import type { ResourceJson } from './json/resource-json.js';
import { validateResources } from './json/validate-resources.js';
import { type ResourceFormat, writeResource } from './json/write-resource.js';
import type { Limits } from './quantities/limits.js';
import { Quantities } from './quantities/quantities.js';
import { isAllocatableTo } from './reservations/reservation.js';
import { hasRefinedReservation, isReserved, type Resource, reservationRole } from './resource.js';
import { ResourceError } from './resource.errors.js';
import { canonicalOrder, canonicalText } from './text/canonical-text.js';
import { type ParseOptions, parseResourceText } from './text/parse-resources.js';
import { printedText } from './text/printed-text.js';
import type { Milli } from './values/milli.js';
import { type Range, type Ranges, unionRanges } from './values/ranges.js';
import { valueQuantity } from './values/resource-value.js';

/**
 * Immutable collection of resource objects, none empty, no two that would merge, in stored order.
 *
 * @source allocation rules A1–A10
 */
export class Resources implements Iterable<Resource> {
  static readonly EMPTY: Resources = new Resources([]);

  private constructor(private readonly items: StoredList) {}

  /** Collection of any objects: equal identities add up, empty ones vanish. */
  static of(list: Iterable<Resource>): Resources {
    return Resources.wrap(
      addAll(
        [],
        Array.from(list, (resource) => StoredResource.from(resource)),
      ),
    );
  }

  /**
   * From v1 documents, in the older form (`role`), the newer one (`reservations`), or both where they agree.
   *
   * @throws ResourceError `resources/invalid` with Mesos' text
   */
  static fromJson(list: readonly ResourceJson[]): Resources {
    const error = validateResources(list);
    if (error !== undefined) throw new ResourceError('resources/invalid', error);
    return Resources.of(list.map(readResource));
  }

  /**
   * From text: `cpus:1.5;disk(r)[MOUNT:/m,v1]<SHARED>:5;ports:[1-4]`.
   *
   * @throws ResourceError `resources/bad-text`
   */
  static parse(text: string, options?: ParseOptions): Resources {
    return Resources.of(parseResourceText(text, options));
  }

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  /** Number of objects; copies of a shared volume are one object. */
  get size(): number {
    return this.items.length;
  }

  [Symbol.iterator](): Iterator<Resource> {
    return this.items[Symbol.iterator]();
  }

  /** Sum: what merges is added to the objects here, the rest is appended (A3, A5). */
  plus(other: Resources): Resources {
    if (other.isEmpty) return this;
    return this.isEmpty ? other : new Resources(addAll(this.items, other.items));
  }

  /** Difference: nothing becomes negative, and what is not here is ignored (A4, A5). */
  minus(other: Resources): Resources {
    if (other.isEmpty || this.isEmpty) return this;
    return this === other ? Resources.EMPTY : Resources.wrap(subtractAll(this.items, other.items));
  }

  /** Whether every object of `other` is covered by one object here (A4, A5). */
  contains(other: Resources): boolean {
    return this === other || containsAll(this.items, other.items);
  }

  /** Each contains the other. */
  equals(other: Resources): boolean {
    if (this === other) return true;
    return this.items.length === other.items.length && this.contains(other) && other.contains(this);
  }

  filter(keep: (resource: Resource) => boolean): Resources {
    const kept = this.items.filter(keep);
    return kept.length === this.items.length ? this : Resources.wrap(kept);
  }

  /** Collection of the results; objects that become equal are merged. */
  map(change: (resource: Resource) => Resource): Resources {
    return Resources.of(this.items.map(change));
  }

  withAllocationRole(role: string): Resources {
    return this.allocatedTo(role);
  }

  withoutAllocationRole(): Resources {
    return this.allocatedTo(undefined);
  }

  /** Without any reservation; everything else stays. */
  withoutReservations(): Resources {
    return this.unreserved().size === this.size ? this : this.map((resource) => ({ ...resource, reservations: [] }));
  }

  /** Unreserved, or reserved for the role or an ancestor of it (A10). */
  allocatableTo(role: string): Resources {
    return this.filter((resource) => isAllocatableTo(resource, role));
  }

  unreserved(): Resources {
    return this.filter((resource) => !isReserved(resource));
  }

  /** Reserved; with a role, for exactly that role. */
  reserved(role?: string): Resources {
    return this.filter(
      (resource) => isReserved(resource) && (role === undefined || reservationRole(resource) === role),
    );
  }

  /** Objects with two reservations or more. */
  refined(): Resources {
    return this.filter(hasRefinedReservation);
  }

  revocable(): Resources {
    return this.filter((resource) => resource.revocable === true);
  }

  nonRevocable(): Resources {
    return this.filter((resource) => resource.revocable !== true);
  }

  shared(): Resources {
    return this.filter((resource) => resource.shared === true);
  }

  nonShared(): Resources {
    return this.filter((resource) => resource.shared !== true);
  }

  /** Sums by name over all kinds: ranges count integers, sets items, a shared volume once (A7). */
  quantities(): Quantities {
    return Quantities.of(this.items.map(({ name, value }) => [name, valueQuantity(value)] as const));
  }

  /** Sums by name over scalars only, as used for quota, headroom and shares (A7). */
  scalarQuantities(): Quantities {
    return this.filter(({ value }) => value.kind === 'scalar').quantities();
  }

  /** Thousandths of a scalar, over all objects of the name. */
  scalarMilli(name: string): Milli {
    let sum = 0;
    for (const item of this.items) if (item.name === name && item.value.kind === 'scalar') sum += item.value.milli;
    return sum;
  }

  /** Ranges of all objects of the name, joined. */
  ranges(name: string): readonly Range[] {
    let union: Ranges = [];
    for (const { name: held, value } of this.items) {
      if (held === name && value.kind === 'ranges')
        union = union.length === 0 ? value.ranges : unionRanges(union, value.ranges);
    }
    return union;
  }

  /** At most these quantities; nothing of any other name (A9). */
  cutToQuantities(quantities: Quantities, order: CutOrder): Resources {
    return Resources.wrap(cutToBounds(this.items, new Map(quantities), 'drop', order));
  }

  /** At most these limits; everything of names without limit (A9). */
  cutToLimits(limits: Limits, order: CutOrder): Resources {
    return limits.isEmpty ? this : Resources.wrap(cutToBounds(this.items, new Map(limits), 'keep', order));
  }

  /** The same objects in the order of canonical text. */
  canonical(): Resources {
    return Resources.wrap(canonicalOrder(this.items));
  }

  /**
   * v1 documents in stored order, one an object: copies of a shared volume are not repeated, as in Mesos.
   * In `pre-refinement` form refined reservations have no representation and are left out.
   */
  toJson(format: ResourceFormat = 'post-refinement'): ResourceJson[] {
    const items = format === 'pre-refinement' ? this.items.filter((item) => !hasRefinedReservation(item)) : this.items;
    return items.map((item) => writeResource(item, format));
  }

  /** Canonical text: sorted, joined by `; `, the empty string for nothing. */
  toText(): string {
    return canonicalText(this.items);
  }

  /** Mesos' printed form, for logs and error texts; `{}` for nothing. */
  toString(): string {
    return printedText(this.items);
  }

  private allocatedTo(role: string | undefined): Resources {
    const before = this.items[0]?.allocationRole;
    const alike = this.items.every((item) => item.allocationRole === before);
    if (alike && before === role) return this;
    const changed = this.items.map((item) => item.withAllocationRole(role));
    // Objects allocated alike stay as different as they were; of others, some may have become equal.
    return alike ? Resources.wrap(changed) : Resources.of(changed);
  }

  private static wrap(items: StoredList): Resources {
    return items.length === 0 ? Resources.EMPTY : new Resources(items);
  }
}
