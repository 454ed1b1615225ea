import { roleAncestors } from '@tranche/resources';
import type { NameTable } from '../cluster/name-table.js';
import { zeroVector } from '../cluster/vector.js';
import type { Role } from './role.js';

/**
 * The roles that are known: those with a tracked framework, a reservation, a quota or a weight, and their ancestors.
 *
 * @source allocation rule A12
 */
export class RoleTree {
  readonly #roles = new Map<string, Role>();
  /** Top-level roles with a quota, in the order in which it was set. */
  readonly withQuota = new Set<Role>();
  readonly #names: NameTable;

  constructor(names: NameTable) {
    this.#names = names;
  }

  find(name: string): Role | undefined {
    return this.#roles.get(name);
  }

  values(): Iterable<Role> {
    return this.#roles.values();
  }

  /** The role, made known with its ancestors if it is new. Whoever gives it no reason to stay must `prune` it. */
  get(name: string): Role {
    const known = this.#roles.get(name);
    if (known !== undefined) return known;
    const slash = name.lastIndexOf('/');
    const role = this.#create(name, slash > 0 ? this.get(name.slice(0, slash)) : undefined);
    this.#roles.set(name, role);
    return role;
  }

  /** Forgets the role, and its ancestors, if nothing keeps them any more. */
  prune(from: Role): void {
    let role: Role | undefined = from;
    while (role !== undefined && isForgettable(role)) {
      this.#roles.delete(role.name);
      if (role.parent !== undefined) role.parent.children--;
      role = role.parent;
    }
  }

  #create(name: string, parent: Role | undefined): Role {
    if (parent !== undefined) parent.children++;
    const role: Omit<Role, 'top'> & { top: Role | undefined } = {
      name,
      lineage: [name, ...roleAncestors(name)],
      parent,
      top: parent?.top,
      children: 0,
      clients: new Map(),
      pins: 0,
      sorter: undefined,
      leaf: undefined,
      activeClients: 0,
      weight: 1,
      quota: undefined,
      reservations: 0,
      reserved: parent === undefined ? zeroVector(this.#names) : [],
      unreservedHeld: parent === undefined ? zeroVector(this.#names) : [],
      changedAt: 0,
    };
    role.top ??= role as Role;
    return role as Role;
  }
}

function isForgettable(role: Role): boolean {
  return (
    role.pins === 0 && role.children === 0 && role.reservations === 0 && role.quota === undefined && role.weight === 1
  );
}
