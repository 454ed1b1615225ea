import type { Resources } from '@tranche/resources';

/** An agent as far as allocation goes. */
export interface EngineAgent {
  readonly agentId: string;
  /** Everything it has, without allocation roles. */
  readonly total: Resources;
}

/** A framework as far as allocation goes. */
export interface EngineFramework {
  readonly frameworkId: string;
  readonly roles: readonly string[];
  /** Roles in which it wants no offers now. */
  readonly suppressedRoles: readonly string[];
  /** Names of framework capabilities, `GPU_RESOURCES` … */
  readonly capabilities: ReadonlySet<string>;
  /** False while it is disconnected: it gets nothing, keeps what it holds, loses its filters. */
  readonly active: boolean;
}

/** Resources that one framework holds in one role on one agent, offered or in use; without allocation roles. */
export interface Held {
  readonly frameworkId: string;
  readonly role: string;
  readonly agentId: string;
  readonly resources: Resources;
}

/** Dominant share of a role or of a framework in a role; above 1 when agents left after the allocation. */
export interface ShareView {
  readonly role: string;
  /** Absent for the role itself. */
  readonly frameworkId?: string;
  readonly share: number;
  readonly weight: number;
}

/**
 * Decides who gets which resources next: the seam behind which the allocator service may run any engine.
 *
 * Pure: time is an argument, randomness is given at construction. All methods take effect at once; unknown ids are ignored.
 */
export interface AllocationEngine {
  /** Adds an agent or replaces its total. A new agent takes no part before its first `setHeld`. */
  putAgent(agent: EngineAgent): void;
  /** Forgets an agent and everything held there. */
  removeAgent(agentId: string): void;
  /** Replaces what is held on an agent, and lets the agent take part from now on. */
  setHeld(agentId: string, held: readonly Held[]): void;
  putFramework(framework: EngineFramework): void;
  /** Forgets a framework; what it held is free. */
  removeFramework(frameworkId: string): void;
  /** Weight of a role among its siblings; 1 unless set. */
  setWeight(role: string, weight: number): void;
  /**
   * Takes back what a framework held.
   *
   * @param refuseSeconds as the framework said; undefined: no filter (allocation rule A56)
   */
  recover(held: Held, refuseSeconds: number | undefined, nowMs: number): void;
  /** Clears the framework's filters in these roles. */
  revive(frameworkId: string, roles: readonly string[]): void;
  /**
   * One cycle over the given agents, or all.
   *
   * @returns what was given out, one item a framework, role and agent; held from now on
   */
  allocate(agentIds: ReadonlySet<string> | 'all', nowMs: number): Held[];
  held(): Iterable<Held>;
  shares(): ShareView[];
}
