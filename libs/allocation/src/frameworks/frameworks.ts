import { AGENT_TRAITS } from '../cluster/agent-row.js';
import type { FrameworkSpec } from '../engine.js';
import type { EngineState } from '../engine-state.js';
import { internMinimums } from '../steps/minimums.js';
import type { Client, Framework } from './framework.js';
import { ConstraintTest } from './offer-constraints.js';
import {
  clientOf,
  enterSorters,
  frameworkEntry,
  leaveSorters,
  markChanged,
  refreshActivity,
  refreshRefusedTraits,
  untrackIfIdle,
} from './tracking.js';

/** What happens to frameworks: they come, say what they want, and go (allocation rules A62–A68). */
export class Frameworks {
  constructor(private readonly state: EngineState) {}

  /** @source allocation rule A62 */
  add(spec: FrameworkSpec, isActive: boolean): void {
    const constraints = compileConstraints(spec);
    const framework = frameworkEntry(this.state, spec.id);
    framework.isActive = isActive;
    if (!framework.isKnown) {
      framework.isKnown = true;
      for (const client of framework.clients.values()) enterSorters(this.state, client);
    }
    this.#apply(framework, spec, constraints);
  }

  /**
   * Replaces what the framework said of itself: new roles begin, roles no longer named end, and a role that leaves the
   * suppressed set is revived. Unknown frameworks are ignored.
   *
   * @source allocation rule A66
   */
  update(spec: FrameworkSpec): void {
    const framework = this.#known(spec.id);
    if (framework === undefined) return;
    const constraints = compileConstraints(spec);
    this.state.inverseOffers.clearFilters({ frameworkId: framework.id });
    this.#apply(framework, spec, constraints);
  }

  /** @source allocation rule A68 */
  remove(frameworkId: string): void {
    const framework = this.#known(frameworkId);
    if (framework === undefined) return;
    const { ledger, filters, inverseOffers } = this.state;
    framework.subscribed.clear();
    for (const client of [...framework.clients.values()]) {
      filters.clearClient(client);
      for (let hold = client.holds.at(-1); hold !== undefined; hold = client.holds.at(-1)) {
        ledger.release(hold, hold.bundle);
      }
      this.#setConstraints(client, undefined);
      leaveSorters(this.state, client);
    }
    inverseOffers.forget({ frameworkId });
    this.state.frameworks.delete(frameworkId);
  }

  /** @source allocation rule A65 */
  setActive(frameworkId: string, isActive: boolean): void {
    const framework = this.#known(frameworkId);
    if (framework === undefined) return;
    framework.isActive = isActive;
    if (!isActive) this.state.inverseOffers.forget({ frameworkId });
    for (const client of framework.clients.values()) {
      if (!isActive) this.state.filters.clearClient(client);
      refreshActivity(this.state, client);
    }
  }

  /** @source allocation rule A63 */
  suppress(frameworkId: string, roles: readonly string[]): void {
    const framework = this.#known(frameworkId);
    if (framework === undefined) return;
    for (const role of roles.length > 0 ? roles : framework.subscribed) {
      framework.suppressed.add(role);
      const client = framework.clients.get(role);
      if (client !== undefined) refreshActivity(this.state, client);
    }
  }

  /** @source allocation rule A64 */
  revive(frameworkId: string, roles: readonly string[]): void {
    const framework = this.#known(frameworkId);
    if (framework === undefined) return;
    this.state.inverseOffers.clearFilters({ frameworkId: framework.id });
    for (const role of roles.length > 0 ? roles : framework.subscribed) this.#revive(framework, role);
  }

  #apply(framework: Framework, spec: FrameworkSpec, constraints: ReadonlyMap<string, ConstraintTest>): void {
    const { state } = this;
    this.#setCapabilities(framework, new Set(spec.capabilities));
    const dropped = [...framework.subscribed].filter((role) => !spec.roles.includes(role));
    framework.subscribed.clear();
    for (const role of spec.roles) framework.subscribed.add(role);
    const revived = [...framework.suppressed].filter((role) => !spec.suppressedRoles.includes(role));
    framework.suppressed.clear();
    for (const role of spec.suppressedRoles) if (framework.subscribed.has(role)) framework.suppressed.add(role);
    for (const role of framework.subscribed) {
      const client = clientOf(state, framework, role);
      const own = spec.minAllocatable?.[role];
      client.minimums = own === undefined ? undefined : internMinimums(own, state.names);
      if (own === undefined) state.clientsWithMinimums.delete(client);
      else state.clientsWithMinimums.add(client);
      this.#setConstraints(client, constraints.get(role));
      refreshActivity(state, client);
      markChanged(state, client);
    }
    for (const client of framework.clients.values()) refreshRefusedTraits(client);
    for (const role of revived) this.#revive(framework, role);
    for (const role of dropped) this.#unsubscribe(framework, role);
  }

  #unsubscribe(framework: Framework, role: string): void {
    const client = framework.clients.get(role);
    if (client === undefined) return;
    this.state.filters.clearClient(client);
    this.#setConstraints(client, undefined);
    refreshActivity(this.state, client);
    untrackIfIdle(this.state, client);
  }

  #revive(framework: Framework, role: string): void {
    framework.suppressed.delete(role);
    const client = framework.clients.get(role);
    if (client === undefined) return;
    this.state.filters.clearClient(client);
    refreshActivity(this.state, client);
  }

  #setCapabilities(framework: Framework, capabilities: ReadonlySet<string>): void {
    let refused = 0;
    const hidesGpus = this.state.options.filterGpus ?? true;
    if (hidesGpus && !capabilities.has('GPU_RESOURCES')) refused |= AGENT_TRAITS.hasGpus;
    if (!capabilities.has('REGION_AWARE')) refused |= AGENT_TRAITS.isRemote;
    if (capabilities.has('MULTI_ROLE')) refused |= AGENT_TRAITS.lacksMultiRole;
    framework.refusedTraits = refused;
    framework.stripsShared = !capabilities.has('SHARED_RESOURCES');
    framework.stripsRevocable = !capabilities.has('REVOCABLE_RESOURCES');
    framework.stripsRefined = !capabilities.has('RESERVATION_REFINEMENT');
  }

  #setConstraints(client: Client, test: ConstraintTest | undefined): void {
    if (client.constraints !== undefined) this.state.constraintTests.delete(client.constraints);
    client.constraints = test;
    if (test !== undefined) this.state.constraintTests.add(test);
  }

  #known(frameworkId: string): Framework | undefined {
    const framework = this.state.frameworks.get(frameworkId);
    return framework?.isKnown === true ? framework : undefined;
  }
}

/** Before anything changes: a bad pattern refuses the framework as a whole. */
function compileConstraints({ offerConstraints = {} }: FrameworkSpec): ReadonlyMap<string, ConstraintTest> {
  return new Map(Object.entries(offerConstraints).map(([role, groups]) => [role, new ConstraintTest(groups)] as const));
}
