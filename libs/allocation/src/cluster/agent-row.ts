import type { AgentAttribute, Domain, Unavailability } from '../engine.js';
import type { Filter } from '../filters/offer-filters.js';
import type { Hold } from './hold.js';
import type { Bundle } from './bundle.js';

/** What the engine knows of one agent beside the columns of the cluster table. Changed in place by its owner. */
export interface AgentRow {
  /** Position in the cluster table's columns; given to another agent after removal. */
  readonly index: number;
  readonly id: string;
  hostname: string;
  attributes: readonly AgentAttribute[];
  domain: Domain | undefined;
  capabilities: readonly string[];
  unavailability: Unavailability | undefined;
  /** Whether it takes part in cycles (A30). */
  isActive: boolean;
  /** Its total, in stored order; the same object for machines of one type. */
  bundle: Bundle;
  /** Who holds what here, offered or in use. One entry for each framework and role. */
  readonly holds: Hold[];
  /** Refusals in force here. Order has no meaning. */
  readonly filters: Filter[];
  /** Numbers of the clients whose filters these are, in the same places: a visit looks at these first. */
  readonly refusers: number[];
}

/** Facts about an agent that decide who may be offered anything of it, as bits: a cycle tests them all at once. */
export const AGENT_TRAITS = {
  /** Its total includes gpus (A46). */
  hasGpus: 1,
  /** Its region is not the cluster manager's (A47). */
  isRemote: 2,
  /** It lacks the multi-role capability (A49). */
  lacksMultiRole: 4,
  /** It lacks the hierarchical-role capability (A49). */
  lacksHierarchicalRole: 8,
  hasReservations: 16,
  /** It has refined reservations, revocable or shared resources, which some frameworks do not get (A48). */
  hasSpecials: 32,
  hasShared: 64,
  /** Two of its unreserved scalars have one name, so that the order of cutting matters (A9). */
  hasTwins: 128,
} as const;
