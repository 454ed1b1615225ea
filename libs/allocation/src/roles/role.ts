import type { Vector } from '../cluster/vector.js';
import type { Client } from '../frameworks/framework.js';
import type { Sorter, SorterClient } from '../sorter/sorter.js';
import type { RoleQuota } from './role-quota.js';

/** One role with everything that is kept by role. Changed in place by its owner. */
export interface Role {
  readonly name: string;
  /** Itself and its ancestors: who may reserve for it (A10). */
  readonly lineage: readonly string[];
  readonly parent: Role | undefined;
  /** The top-level role whose quota it is charged to (A14); itself if it is one. */
  readonly top: Role;
  /** Number of known roles directly below. */
  children: number;
  /** Frameworks tracked under exactly this role, by framework id (A67). */
  readonly clients: Map<string, Client>;
  /** Clients that refer to it, also of frameworks that are not known (yet). */
  pins: number;
  /** Order of its frameworks; present while it has clients. */
  sorter: Sorter<Client> | undefined;
  /** Itself in the role sorter; present while it has clients. */
  leaf: SorterClient<Role> | undefined;
  /** Clients that take offers now. */
  activeClients: number;
  weight: number;
  /** Present on top-level roles that have one. */
  quota: RoleQuota | undefined;
  /** Number of reserved objects on agents for exactly this role: they keep the role known (A12). */
  reservations: number;
  /** Of a top-level role, over its subtree: non-revocable scalar reservations on all agents (A13). */
  readonly reserved: Vector;
  /** Of a top-level role, over its subtree: unreserved, non-revocable scalars held (A13). */
  readonly unreservedHeld: Vector;
  /** Change number at which some framework here began to want, or might accept, more than before. */
  changedAt: number;
}

/** What counts against a top-level role's quota, offers included (A13). */
export function consumedOf(role: Role, name: number): number {
  return (role.reserved[name] ?? 0) + (role.unreservedHeld[name] ?? 0);
}

/** Whether the role has not got all of its guarantee, offers counted as consumed (A40). */
export function lacksGuarantee(role: Role): boolean {
  const guarantees = role.quota?.guarantees ?? [];
  for (let name = 0; name < guarantees.length; name++) {
    if ((guarantees[name] as number) > consumedOf(role, name)) return true;
  }
  return false;
}
