import { Resources } from '@tranche/resources';
import type { Holding } from '../engine.js';

/** What tasks use, by agent, framework and role: offers that were accepted, and what agents reported. */
export class InUse {
  readonly #byAgent = new Map<string, Map<string, Map<string, Resources>>>();

  add({ agentId, frameworkId, role, resources }: Holding): void {
    if (resources.isEmpty) return;
    let frameworks = this.#byAgent.get(agentId);
    if (frameworks === undefined) this.#byAgent.set(agentId, (frameworks = new Map()));
    let roles = frameworks.get(frameworkId);
    if (roles === undefined) frameworks.set(frameworkId, (roles = new Map()));
    roles.set(role, (roles.get(role) ?? Resources.EMPTY).plus(resources));
  }

  remove({ agentId, frameworkId, role, resources }: Holding): void {
    const frameworks = this.#byAgent.get(agentId);
    const roles = frameworks?.get(frameworkId);
    const held = roles?.get(role);
    if (frameworks === undefined || roles === undefined || held === undefined) return;
    const rest = held.minus(resources);
    if (!rest.isEmpty) roles.set(role, rest);
    else roles.delete(role);
    if (roles.size === 0) frameworks.delete(frameworkId);
  }

  /** By role, what a framework uses on an agent. */
  rolesOf(frameworkId: string, agentId: string): ReadonlyMap<string, Resources> {
    return this.#byAgent.get(agentId)?.get(frameworkId) ?? new Map();
  }

  /** Everything in use on an agent. */
  *onAgent(agentId: string): Generator<Holding> {
    for (const [frameworkId, roles] of this.#byAgent.get(agentId) ?? []) {
      for (const [role, resources] of roles) yield { agentId, frameworkId, role, resources };
    }
  }

  *all(): Generator<Holding> {
    for (const agentId of this.#byAgent.keys()) yield* this.onAgent(agentId);
  }

  dropAgent(agentId: string): void {
    this.#byAgent.delete(agentId);
  }

  dropFramework(frameworkId: string): void {
    for (const frameworks of this.#byAgent.values()) frameworks.delete(frameworkId);
  }
}
