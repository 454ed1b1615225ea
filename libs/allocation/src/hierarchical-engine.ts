// size: one short method for each fact of the engine's interface, which belong together
import type { Resources } from '@tranche/resources';
import { Agents } from './agents/agents.js';
import { Allocation } from './allocate.js';
import type { AgentRow } from './cluster/agent-row.js';
import { bundleOf } from './cluster/bundle.js';
import { addBundles, containsBundle, convertBundle, isSameBundle } from './cluster/bundle-algebra.js';
import { findHold, type Hold } from './cluster/hold.js';
import type { Kind } from './cluster/kind-table.js';
import type {
  AgentSpec,
  AllocationEngine,
  Conversion,
  CycleKind,
  CycleResult,
  EngineOptions,
  EngineView,
  FrameworkSpec,
  Holding,
  InverseOffer,
  Quota,
  Recovery,
  Unavailability,
} from './engine.js';
import { EngineState } from './engine-state.js';
import { freeBundle, TableView } from './engine-view.js';
import { explain } from './explain.js';
import type { Explanation, ExplainRequest, OutstandingOffer } from './explain/explanation.js';
import { accountOf, type RoleAccount } from './explain/role-account.js';
import { FailoverPause } from './failover-pause.js';
import { refusalNs } from './filters/refusal-time.js';
import { Frameworks } from './frameworks/frameworks.js';
import { untrackIfIdle } from './frameworks/tracking.js';
import { internQuota } from './roles/role-quota.js';

/** Makes the engine that follows allocation rules A1–A82. */
export function createEngine(options: EngineOptions): AllocationEngine {
  return new HierarchicalEngine(options);
}

/** Joins the tables: each method says which of them an event changes, and which cycle it calls for. */
class HierarchicalEngine implements AllocationEngine {
  readonly view: EngineView;
  readonly #state: EngineState;
  readonly #agents: Agents;
  readonly #frameworks: Frameworks;
  readonly #allocation: Allocation;
  readonly #pause: FailoverPause;
  /** Agents with an unavailability: inverse offers are made for them. */
  readonly #maintained = new Set<AgentRow>();
  /** What events since the last cycle call for. */
  #due: Set<AgentRow> | 'all' = new Set();

  constructor(options: EngineOptions) {
    this.#state = new EngineState(options);
    this.#agents = new Agents(this.#state);
    this.#frameworks = new Frameworks(this.#state);
    this.#allocation = new Allocation(this.#state);
    this.#pause = new FailoverPause(options.recovery);
    this.view = new TableView(this.#state);
  }

  get isCycleDue(): boolean {
    return this.#due === 'all' || this.#due.size > 0;
  }

  addAgent(spec: AgentSpec, held: readonly Holding[], isComplete = true): void {
    this.removeAgent(spec.id);
    const row = this.#agents.add(spec, held);
    if (spec.unavailability !== undefined) this.#maintained.add(row);
    row.isActive = false;
    if (isComplete) this.completeAgent(spec.id);
  }

  completeAgent(agentId: string): void {
    const row = this.#row(agentId);
    if (row === undefined) return;
    row.isActive = true;
    this.#pause.agentAdded();
    this.#trigger(row);
  }

  updateAgent(spec: Omit<AgentSpec, 'unavailability'>): boolean {
    const row = this.#row(spec.id);
    if (row === undefined || !this.#agents.update(row, spec)) return false;
    this.#trigger(row);
    return true;
  }

  removeAgent(agentId: string): void {
    const row = this.#row(agentId);
    if (row === undefined) return;
    this.#maintained.delete(row);
    if (this.#due !== 'all') this.#due.delete(row);
    this.#agents.remove(agentId);
  }

  setAgentActive(agentId: string, isActive: boolean): void {
    const row = this.#row(agentId);
    if (row === undefined) return;
    row.isActive = isActive;
    if (!isActive) this.#state.inverseOffers.forgetOutstanding({ agentId });
  }

  replaceHeld(agentId: string, held: readonly Holding[]): void {
    const row = this.#row(agentId);
    if (row !== undefined) this.#agents.replaceHeld(row, held);
  }

  addResourceProvider(agentId: string, resources: Resources, held: readonly Holding[]): void {
    const row = this.#row(agentId);
    if (row === undefined) return;
    this.#agents.setTotal(row, addBundles(row.bundle, bundleOf(resources, this.#state.kinds)));
    this.#agents.hold(row, held);
  }

  setWhitelist(hostnames: readonly string[] | undefined): void {
    this.#state.whitelist = hostnames === undefined ? undefined : new Set(hostnames);
  }

  setMaintenance(agentId: string, unavailability: Unavailability | undefined): void {
    const row = this.#row(agentId);
    if (row === undefined) return;
    row.unavailability = unavailability;
    this.#state.inverseOffers.forget({ agentId });
    if (unavailability === undefined) this.#maintained.delete(row);
    else this.#maintained.add(row);
    this.#trigger(row);
  }

  addFramework(spec: FrameworkSpec, isActive: boolean): void {
    this.#frameworks.add(spec, isActive);
    if (isActive) this.#triggerAll();
  }

  updateFramework(spec: FrameworkSpec): void {
    this.#frameworks.update(spec);
  }

  removeFramework(frameworkId: string): void {
    this.#frameworks.remove(frameworkId);
  }

  setFrameworkActive(frameworkId: string, isActive: boolean): void {
    this.#frameworks.setActive(frameworkId, isActive);
    if (isActive) this.#triggerAll();
  }

  suppress(frameworkId: string, roles: readonly string[]): void {
    this.#frameworks.suppress(frameworkId, roles);
  }

  revive(frameworkId: string, roles: readonly string[]): void {
    this.#frameworks.revive(frameworkId, roles);
    this.#triggerAll();
  }

  recover(holding: Holding, nowMs: number, refuseSeconds?: number): void {
    const hold = this.#findHold(holding);
    if (hold === undefined || holding.resources.isEmpty) return;
    const given = bundleOf(holding.resources, this.#state.kinds);
    // What comes back as it was given is the same object: a refusal of it then takes no room of its own.
    const bundle = isSameBundle(given, hold.bundle) ? hold.bundle : given;
    this.#state.ledger.release(hold, bundle);
    const refused = refuseSeconds === undefined ? 0 : refusalNs(refuseSeconds);
    const { client, agent } = hold;
    if (refused > 0) this.#state.filters.install(client, agent, bundle, toNs(nowMs), refused);
    untrackIfIdle(this.#state, client);
  }

  convert({ agentId, consumed, converted, holder }: Conversion): boolean {
    const row = this.#row(agentId);
    if (row === undefined) return false;
    const from = bundleOf(consumed, this.#state.kinds);
    const to = bundleOf(converted, this.#state.kinds);
    if (holder === undefined) {
      if (!containsBundle(freeBundle(this.#state, row), from)) return false;
    } else {
      const hold = this.#findHold({ ...holder, agentId });
      if (hold === undefined || !containsBundle(hold.bundle, from)) return false;
      this.#state.ledger.replace(hold, convertBundle(hold.bundle, from, to));
    }
    this.#agents.setTotal(row, convertBundle(row.bundle, from, to));
    return true;
  }

  answerInverseOffer(offer: InverseOffer, isAccepted: boolean, nowMs: number, refuseSeconds?: number): void {
    const refused = refusalNs(refuseSeconds);
    const untilNs = refused > 0 ? toNs(nowMs) + refused : undefined;
    this.#state.inverseOffers.answer(offer, isAccepted, untilNs);
  }

  endInverseOffer(offer: InverseOffer): void {
    this.#state.inverseOffers.end(offer);
  }

  setQuota(roleName: string, quota: Quota | undefined): void {
    const { roles, names } = this.#state;
    const role = roles.get(roleName);
    const isDefault = quota === undefined || (quota.guarantees.isEmpty && quota.limits.isEmpty);
    role.quota = isDefault ? undefined : internQuota(quota, names);
    if (isDefault) roles.withQuota.delete(role);
    else roles.withQuota.add(role);
    this.#state.quotaLoosenedAt = ++this.#state.changes;
    roles.prune(role);
  }

  setWeight(roleName: string, weight: number): void {
    const role = this.#state.roles.get(roleName);
    role.weight = weight;
    this.#state.roleSorter.setWeight(roleName, weight);
    this.#state.roles.prune(role);
  }

  awaitAgents(recovery: Recovery): void {
    this.#pause.begin(recovery, this.#state.agents.size);
    if (this.#isWaiting) this.#due = new Set();
  }

  allocate(kind: CycleKind, nowMs: number): CycleResult {
    const state = this.#state;
    const nowNs = toNs(nowMs);
    state.filters.expire(nowNs);
    if (this.#isPaused(nowNs)) return EMPTY_RESULT;
    const isForAll = kind !== 'triggered' || this.#due === 'all';
    const rows = isForAll ? [...state.agents.values()] : [...(this.#due as Set<AgentRow>)];
    this.#due = new Set();
    if (rows.length === 0 && !isForAll) return EMPTY_RESULT;
    state.runs++;
    const candidates = rows.filter((row) => this.#agents.isCandidate(row));
    const allocations = this.#allocation.run(candidates);
    const inverseOffers = this.#makeInverseOffers(isForAll ? this.#maintained : rows, nowNs);
    if (kind === 'batch') state.filters.batchHasRun();
    if (state.kinds.isFull) this.#forgetUnusedKinds();
    return { allocations, inverseOffers, candidates: candidates.length };
  }

  explain(request: ExplainRequest): Explanation {
    const nowNs = toNs(request.nowMs);
    this.#state.filters.expire(nowNs);
    const isPaused = this.#pause.wouldPause(nowNs, this.#state.roles.withQuota.size > 0);
    return explain({ state: this.#state, inactiveReason: (row) => this.#inactiveReason(row, isPaused) }, request);
  }

  explainRole(role: string, offers: Iterable<OutstandingOffer>): RoleAccount | undefined {
    return accountOf(this.#state, role, offers);
  }

  #inactiveReason(row: AgentRow, isPaused: boolean): string | undefined {
    if (!row.isActive) return 'deactivated';
    if (!this.#agents.isCandidate(row)) return 'not on the whitelist';
    return isPaused ? 'recovering' : undefined;
  }

  #forgetUnusedKinds(): void {
    const { kinds, cluster, totalsPool } = this.#state;
    totalsPool.clear();
    kinds.sweep(new Set<Kind>(cluster.kindsInUse()));
  }

  /** @source allocation rule A76 */
  #makeInverseOffers(rows: Iterable<AgentRow>, nowNs: number): InverseOffer[] {
    const made: InverseOffer[] = [];
    for (const row of rows) {
      if (row.unavailability === undefined || !row.isActive) continue;
      const holders = new Set(row.holds.map(({ client }) => client.framework));
      for (const { id, isKnown, isActive } of holders) {
        const offer = { frameworkId: id, agentId: row.id };
        if (isKnown && isActive && this.#state.inverseOffers.offer(offer, nowNs)) made.push(offer);
      }
    }
    return made;
  }

  #isPaused(nowNs: number): boolean {
    return this.#pause.isPaused(nowNs, this.#state.roles.withQuota.size > 0);
  }

  #trigger(row: AgentRow): void {
    if (this.#due !== 'all' && !this.#isWaiting) this.#due.add(row);
  }

  #triggerAll(): void {
    if (!this.#isWaiting) this.#due = 'all';
  }

  /** While agents are awaited after a failover, events call for nothing. */
  get #isWaiting(): boolean {
    return this.#pause.isWaiting && this.#state.roles.withQuota.size > 0;
  }

  #row(agentId: string): AgentRow | undefined {
    return this.#state.agents.get(agentId);
  }

  #findHold({ frameworkId, role, agentId }: Omit<Holding, 'resources'>): Hold | undefined {
    const client = this.#state.frameworks.get(frameworkId)?.clients.get(role);
    const row = this.#row(agentId);
    return client === undefined || row === undefined ? undefined : findHold(client, row);
  }
}

const EMPTY_RESULT: CycleResult = { allocations: [], inverseOffers: [], candidates: 0 };

/** Whole nanoseconds: instants that are meant to coincide do. */
function toNs(ms: number): number {
  return Math.round(ms * 1e6);
}
