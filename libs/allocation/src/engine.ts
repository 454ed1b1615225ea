import type { Limits, Quantities, Resources } from '@tranche/resources';
import type { Explanation, ExplainRequest, OutstandingOffer } from './explain/explanation.js';
import type { RoleAccount } from './explain/role-account.js';
import type { SorterName } from './sorter/sorters.js';

/** A v1 attribute document: a named fact about an agent. Only texts are looked into; the rest is compared as a whole (A32). */
export interface AgentAttribute {
  readonly name: string;
  readonly type: string;
  readonly text?: { readonly value: string };
}

/** Where a machine stands (A47, A54). */
export interface Domain {
  readonly region: string;
  readonly zone: string;
}

/** When an agent will be taken out of service, in nanoseconds; without a duration, for good (A75). Not interpreted. */
export interface Unavailability {
  readonly startNs: number;
  readonly durationNs?: number;
}

export interface AgentSpec {
  readonly id: string;
  readonly hostname: string;
  /** All it has, in stored order. */
  readonly resources: Resources;
  readonly attributes: readonly AgentAttribute[];
  readonly domain?: Domain;
  /** Names of the protocol: `MULTI_ROLE`, `HIERARCHICAL_ROLE` … */
  readonly capabilities: readonly string[];
  readonly unavailability?: Unavailability;
}

/** What one framework holds in one role on one agent, offered or in use. */
export interface Holding {
  readonly frameworkId: string;
  readonly role: string;
  readonly agentId: string;
  readonly resources: Resources;
}

/** One condition on an agent (A54): what is looked at, and what must hold for it. */
export interface OfferConstraint {
  readonly selector: { readonly attribute: string } | { readonly pseudo: 'hostname' | 'region' | 'zone' };
  readonly predicate: 'exists' | 'notExists' | 'equals' | 'notEquals' | 'matches' | 'notMatches';
  /** Text or pattern; unused by `exists` and `notExists`. */
  readonly operand?: string;
}

/** Of one role: at least one group must hold entirely. */
export type OfferConstraintGroups = readonly (readonly OfferConstraint[])[];

export interface FrameworkSpec {
  readonly id: string;
  readonly roles: readonly string[];
  readonly suppressedRoles: readonly string[];
  /** Names of the protocol: `MULTI_ROLE`, `GPU_RESOURCES`, `REGION_AWARE`, `SHARED_RESOURCES` … */
  readonly capabilities: readonly string[];
  /** By role, smallest offers it wants instead of the global ones; an empty list means any (A45). */
  readonly minAllocatable?: Readonly<Record<string, readonly Quantities[]>>;
  readonly offerConstraints?: Readonly<Record<string, OfferConstraintGroups>>;
}

/** A guarantee (quantities) and a limit (by name; missing: unlimited) of a top-level role (A15). */
export interface Quota {
  readonly guarantees: Quantities;
  readonly limits: Limits;
}

/** Resources turned into others in place: reserve, unreserve, create, destroy (A27, A69). */
export interface Conversion {
  readonly agentId: string;
  readonly consumed: Resources;
  readonly converted: Resources;
  /** Who holds them; absent when they are free, and an operator acts. */
  readonly holder?: { readonly frameworkId: string; readonly role: string };
}

export interface InverseOffer {
  readonly frameworkId: string;
  readonly agentId: string;
}

export interface CycleResult {
  /** At most one for each framework, role and agent, in the order in which they were made (A53). */
  readonly allocations: readonly Holding[];
  readonly inverseOffers: readonly InverseOffer[];
  /** How many agents took part: an empty cycle says so. */
  readonly candidates: number;
}

/**
 * `triggered`: the agents, or all, that events since the last cycle call for (A36) · `batch`: all, at an allocation interval (A37),
 * which is what refusals are measured by (A57) · `all`: all, at any other time.
 */
export type CycleKind = 'triggered' | 'batch' | 'all';

/** The figures of allocation rule A82, by their published names. */
export type AllocatorMetrics = ReadonlyMap<string, number>;

/** How a role, or a framework in a role, stands against its siblings. */
export interface ShareEntry {
  readonly role: string;
  /** Absent for the role itself. */
  readonly frameworkId?: string;
  /** As the sorter compares it, weight included (A17, A18); undefined where shares play no part. */
  readonly share: number | undefined;
  readonly weight: number;
  /** Whether a cycle may offer it something now. */
  readonly isActive: boolean;
}

/** What one known role may have and has, over all agents (A12). */
export interface RoleFigures {
  readonly role: string;
  /** As the sorter compares it, of its own frameworks; absent where shares play no part. */
  readonly share: number | undefined;
  readonly guarantees: Quantities;
  readonly limits: Limits;
  /** Scalars that its own frameworks hold, offered or in use, reserved or not; descendants are not counted. */
  readonly held: Quantities;
  /** Scalars reserved for the subtree of a top-level role, held or not; empty for nested ones. */
  readonly reserved: Quantities;
  /** Refusals in force. */
  readonly filters: number;
}

/** What the engine can be asked without changing it. */
export interface EngineView {
  /** Free resources of an agent (A29); undefined for an unknown agent. */
  available(agentId: string): Resources | undefined;
  total(agentId: string): Resources | undefined;
  /** Everything that is held, offered or in use. */
  holdings(): Iterable<Holding>;
  /** The same of one agent; nothing for an unknown one. */
  holdingsOn(agentId: string): Iterable<Holding>;
  /** Current order of roles, or of a role's frameworks (A20). */
  order(role?: string): string[];
  /** Share of a role's subtree, of `role/.`, or of a framework in a role, as the sorter compares it; undefined: no such node. */
  roleShare(path: string): number | undefined;
  frameworkShare(role: string, frameworkId: string): number | undefined;
  /** Roles with frameworks, each followed by its frameworks; whoever is served first comes first, who takes no offers last. */
  shares(): ShareEntry[];
  /** All known roles, in no order. Reads every holding. */
  roles(nowMs: number): RoleFigures[];
  /** What guarantees still lack, and what is free, unreserved and not revocable (A42). */
  headroom(): { readonly required: Quantities; readonly available: Quantities };
  /** Number of cycles run so far. */
  readonly runs: number;
  /** Whether a framework is tracked under exactly this role (A67). */
  isTracked(role: string): boolean;
  /**
   * @param offered what of the holdings is only offered, so that published consumption counts what is in use (A13)
   */
  metrics(nowMs: number, offered: Iterable<Holding>): AllocatorMetrics;
}

/**
 * The allocator module: facts in, decisions out. It owns its state and has no clock, no randomness and no I/O of its own.
 *
 * Facts about what is unknown are ignored where a repetition or a late message may cause them, as noted. Times are
 * milliseconds of the caller's clock, which must not go back; fractions are kept to whole nanoseconds.
 * After each call `isCycleDue` says whether the facts so far call for a cycle (A36); the caller joins them by calling
 * `allocate('triggered')` when it suits, and `allocate('batch')` once an interval.
 *
 * @source allocation rules A1–A82
 */
export interface AllocationEngine {
  /**
   * A new agent and what is held there. A known id is replaced. Calls for a cycle of the agent (A34).
   *
   * @param isComplete false: more may be held there than is known yet; it is inactive until `completeAgent`
   */
  addAgent(agent: AgentSpec, held: readonly Holding[], isComplete?: boolean): void;
  /** All that is held on an agent is known now: it is as if it had been added now. Unknown agents are ignored. */
  completeAgent(agentId: string): void;
  /** @returns whether anything differs; only then a cycle follows (A32). False for an unknown agent. */
  updateAgent(agent: Omit<AgentSpec, 'unavailability'>): boolean;
  /** All it had and whatever was held there is gone (A34). Unknown agents are ignored. */
  removeAgent(agentId: string): void;
  setAgentActive(agentId: string, isActive: boolean): void;
  /** Replaces what is held on an agent, without a cycle and without filters. Unknown agents are ignored. */
  replaceHeld(agentId: string, held: readonly Holding[]): void;
  /** More resources of an agent, of which some may be in use (A33). */
  addResourceProvider(agentId: string, resources: Resources, held: readonly Holding[]): void;
  /** Host names that take part; undefined: all (A31). */
  setWhitelist(hostnames: readonly string[] | undefined): void;
  /** Sets or, with undefined, clears when an agent is taken out of service (A75). */
  setMaintenance(agentId: string, unavailability: Unavailability | undefined): void;

  /** A new framework. When active, calls for a cycle of all agents (A62). */
  addFramework(framework: FrameworkSpec, isActive: boolean): void;
  /** Replaces what a framework said of itself, without a cycle (A66). */
  updateFramework(framework: FrameworkSpec): void;
  /** Frees everything it holds and forgets it (A68). Unknown frameworks are ignored. */
  removeFramework(frameworkId: string): void;
  /** Activation calls for a cycle of all agents; deactivation drops its filters (A65). */
  setFrameworkActive(frameworkId: string, isActive: boolean): void;
  /** No more offers in these roles, all when empty (A63). */
  suppress(frameworkId: string, roles: readonly string[]): void;
  /** Offers again in these roles, all when empty; clears filters and calls for a cycle of all agents (A64). */
  revive(frameworkId: string, roles: readonly string[]): void;

  /**
   * Held resources are free again (A69). Unknown framework, role or agent: they already are.
   *
   * @param refuseSeconds present when the framework refused them: for how long it does not want them (A55, A56)
   */
  recover(holding: Holding, nowMs: number, refuseSeconds?: number): void;
  /** Converts held or free resources. @returns false, and nothing has changed, when they are not there. */
  convert(conversion: Conversion): boolean;
  /** An inverse offer was accepted or declined: no new one for this long (A78). */
  answerInverseOffer(offer: InverseOffer, isAccepted: boolean, nowMs: number, refuseSeconds?: number): void;
  /** An inverse offer ended without an answer: the next cycle may make another. Ignored when none is outstanding. */
  endInverseOffer(offer: InverseOffer): void;

  /** Quota of a top-level role; undefined or empty: the default (A70, A71). No cycle. */
  setQuota(role: string, quota: Quota | undefined): void;
  /** Weight of a role, positive (A74). No cycle. */
  setWeight(role: string, weight: number): void;

  /** The `recovery` of the options, for who learns only later how many agents there were. Those that are known count as back. */
  awaitAgents(recovery: Recovery): void;
  /** Whether events since the last cycle call for one (A36). */
  readonly isCycleDue: boolean;
  /** Runs a cycle. Returns an empty result when nothing is due, or while recovering from a failover (A80). */
  allocate(kind: CycleKind, nowMs: number): CycleResult;

  readonly view: EngineView;
  /** Why somebody gets resources or none. Changes nothing, and costs cycles nothing. */
  explain(request: ExplainRequest): Explanation;
  /** What a role may have and has, and who is before it. @returns undefined for a role that is not known (A12) */
  explainRole(role: string, offers: Iterable<OutstandingOffer>): RoleAccount | undefined;
}

/** Settings of an engine. */
export interface EngineOptions {
  /** Uniform in [0, 1): all that is random is drawn from it. */
  readonly random: () => number;
  /** Time between batch cycles: the least life of a refusal (A57). Default 1000. */
  readonly allocationIntervalMs?: number;
  /** Smallest offers; unset: `cpus:0.01` or `mem:32`; empty: any (A45). */
  readonly minAllocatable?: readonly Quantities[];
  readonly roleSorter?: SorterName;
  readonly frameworkSorter?: SorterName;
  /** Resource names that shares leave out (A24). */
  readonly fairSharingExcludes?: readonly string[];
  /** Whether agents with gpus are kept from frameworks without the capability (A46). Default true. */
  readonly filterGpus?: boolean;
  /** Region and zone of the cluster manager (A47). */
  readonly domain?: Domain;
  /** `random`: agents are shuffled and cuts drawn (A38, A9) · `id`: agents in byte order of ids, cuts in stored order. */
  readonly agentOrder?: 'random' | 'id';
  /** As after a failover: pause until this share of the expected agents is back (A80). Needs a quota to take effect. */
  readonly recovery?: Recovery;
}

/** For how many agents to wait after a failover, and how long (A80). */
export interface Recovery {
  /** Agents known before. */
  readonly expectedAgents: number;
  /** Share of them that must be back; 0.8 in Mesos. */
  readonly factor: number;
  /** The pause ends after this in any case; ten minutes in Mesos. */
  readonly timeoutMs: number;
}
