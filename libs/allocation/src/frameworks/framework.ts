import type { Hold } from '../cluster/hold.js';
import type { Filter } from '../filters/offer-filters.js';
import type { Role } from '../roles/role.js';
import type { SorterClient } from '../sorter/sorter.js';
import type { Minimums } from '../steps/minimums.js';
import type { ConstraintTest } from './offer-constraints.js';

/**
 * One framework. It may be unknown still, while agents report that it uses something: then it is in no sorter (A34).
 */
export interface Framework {
  readonly id: string;
  isKnown: boolean;
  isActive: boolean;
  /** `AGENT_TRAITS` of agents that it is never offered, role aside (A46, A47, A49). */
  refusedTraits: number;
  /** Resources that it cannot handle and that offers to it leave out (A48). */
  stripsShared: boolean;
  stripsRevocable: boolean;
  stripsRefined: boolean;
  readonly subscribed: Set<string>;
  readonly suppressed: Set<string>;
  /** By role, while it is tracked there (A67). */
  readonly clients: Map<string, Client>;
}

/** A framework under one role: the client of that role's sorter. Changed in place by its owner. */
export interface Client {
  readonly framework: Framework;
  readonly role: Role;
  /** Itself in its role's sorter; absent while the framework is unknown. */
  leaf: SorterClient<Client> | undefined;
  /** Subscribed, not suppressed, and the framework active: it takes offers. */
  isActive: boolean;
  /** Agents' traits that keep it from being offered anything there. */
  refusedTraits: number;
  readonly holds: Hold[];
  readonly filters: Filter[];
  /** Its own smallest offers, which replace the global ones (A45). */
  minimums: Minimums | undefined;
  constraints: ConstraintTest | undefined;
  /** Change number at which it last began to want, or might accept, more than before. */
  changedAt: number;
  /** From 1, unique among clients, and given to another one after it is gone. */
  readonly number: number;
}
