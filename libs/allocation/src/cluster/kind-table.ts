import { hasRefinedReservation, identityKey, isIndivisible, type Resource, reservationRole } from '@tranche/resources';
import type { NameTable } from './name-table.js';

/**
 * An interned resource identity (allocation rule A3): what the engine compares instead of names, stacks and disks.
 */
export interface Kind {
  readonly id: number;
  readonly key: string;
  /** Interned resource name. */
  readonly name: number;
  readonly isScalar: boolean;
  /** Role it is reserved for (A10); undefined when unreserved. */
  readonly role: string | undefined;
  readonly isRefined: boolean;
  readonly isRevocable: boolean;
  readonly isShared: boolean;
  /** Only to be taken as a whole, and never merged with an equal one (A3, A6); shared volumes merge by copies. */
  readonly isIndivisible: boolean;
  /** Unreserved, non-revocable scalar: what quota limits and headroom bound (A43). */
  readonly isBounded: boolean;
  /** A resource of this identity, of any value, without allocation role. */
  readonly template: Resource;
}

/** Interns resource identities. */
export class KindTable {
  readonly #kinds = new Map<string, Kind>();
  readonly #names: NameTable;
  /** Names whose resources are ranges or sets (allocation rule A1: one kind of value a name). */
  readonly #otherNames = new Set<number>();
  #lastId = 0;
  #sweepAt = 1024;

  constructor(names: NameTable) {
    this.#names = names;
  }

  /** The kind of a resource; its allocation role is left out of account. */
  intern(resource: Resource): Kind {
    const bare = resource.allocationRole === undefined ? resource : { ...resource, allocationRole: undefined };
    const key = identityKey(bare);
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    const kind = this.#create(key, bare);
    this.#kinds.set(key, kind);
    return kind;
  }

  isScalarName(name: number): boolean {
    return !this.#otherNames.has(name);
  }

  /** Whether so many identities have come up since the last sweep that forgetting unused ones pays. */
  get isFull(): boolean {
    return this.#kinds.size >= this.#sweepAt;
  }

  /** Forgets all identities but these: volumes and labelled reservations come and go, and their names with them. */
  sweep(live: ReadonlySet<Kind>): void {
    for (const [key, kind] of this.#kinds) if (!live.has(kind)) this.#kinds.delete(key);
    this.#sweepAt = Math.max(1024, this.#kinds.size * 2);
  }

  #create(key: string, template: Resource): Kind {
    const isScalar = template.value.kind === 'scalar';
    const role = reservationRole(template);
    const name = this.#names.intern(template.name);
    if (!isScalar) this.#otherNames.add(name);
    return {
      id: ++this.#lastId,
      key,
      name,
      isScalar,
      role,
      isRefined: hasRefinedReservation(template),
      isRevocable: template.revocable === true,
      isShared: template.shared === true,
      isIndivisible: isIndivisible(template),
      isBounded: isScalar && role === undefined && template.revocable !== true,
      template,
    };
  }
}
