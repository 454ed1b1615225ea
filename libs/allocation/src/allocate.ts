import { compareBytes } from '@tranche/resources';
import { AGENT_TRAITS, type AgentRow } from './cluster/agent-row.js';
import { type Bundle, resourcesOf } from './cluster/bundle.js';
import { addBundles } from './cluster/bundle-algebra.js';
import type { Holding } from './engine.js';
import type { EngineState } from './engine-state.js';
import type { Client } from './frameworks/framework.js';
import { Headroom } from './roles/headroom.js';
import { Bounds, shuffle } from './steps/bounds.js';
import { passesTests } from './steps/eligibility.js';
import { FairShareStage } from './steps/fair-share.js';
import { LackingRoles } from './steps/lacking-roles.js';
import { QuotaGuaranteeStage } from './steps/quota-guarantee.js';
import type { Stage } from './steps/stage.js';
import { Starvation } from './steps/starvation.js';
import { Visit } from './steps/visit.js';

interface Grant {
  readonly client: Client;
  readonly row: AgentRow;
  bundle: Bundle;
}

/**
 * One run of the allocation algorithm over some agents.
 *
 * @source allocation rules A38–A53
 */
export class Allocation {
  readonly #state: EngineState;
  readonly #visit: Visit;
  readonly #headroom: Headroom;
  readonly #guarantees: QuotaGuaranteeStage;
  readonly #fairShare: FairShareStage;
  readonly #starvation: Starvation;
  readonly #lacking: LackingRoles;
  #grants: Grant[] = [];
  /** Grants of the agent being visited: shares hear of them when the visit is over (A50). */
  readonly #uncharged: Grant[] = [];
  /** Agents to be visited, as found and in the order of the stage. */
  #open = new Int32Array(0);
  #order = new Int32Array(0);

  constructor(state: EngineState) {
    this.#state = state;
    this.#visit = new Visit(state);
    this.#headroom = new Headroom(state);
    const bounds = new Bounds(state);
    this.#guarantees = new QuotaGuaranteeStage(state, bounds, this.#headroom);
    this.#fairShare = new FairShareStage(state, bounds, this.#headroom);
    this.#starvation = new Starvation(state, this.#headroom);
    this.#lacking = new LackingRoles(state);
  }

  /** @param candidates agents that take part, in any order */
  run(candidates: readonly AgentRow[]): Holding[] {
    this.#grants = [];
    this.#visit.begin();
    this.#headroom.begin();
    const startedAt = this.#state.changes;
    const open = this.#openAgents(candidates);
    const hasGuarantees = open > 0 && this.#lacking.begin();
    if (hasGuarantees) this.#satisfyGuarantees(open);
    if (open > 0) this.#shareFairly(open);
    this.#settle(open, startedAt);
    this.#headroom.end();
    return this.#result(hasGuarantees);
  }

  /** Agents that have something free for which somebody may have begun to care since they were last tried in vain. */
  #openAgents(candidates: readonly AgentRow[]): number {
    const { cluster, clientsChangedAt, quotaLoosenedAt } = this.#state;
    const { freeSlots, settledAt, boundByQuota } = cluster;
    if (this.#open.length < candidates.length) {
      this.#open = new Int32Array(candidates.length);
      this.#order = new Int32Array(candidates.length);
    }
    let count = 0;
    for (const { index } of candidates) {
      if (freeSlots[index] === 0) continue;
      let settled = settledAt[index] as number;
      if (boundByQuota[index] === 1 && settled < quotaLoosenedAt) settledAt[index] = settled = 0;
      if (settled !== 0 && settled >= clientsChangedAt) continue;
      if (settled === 0) boundByQuota[index] = 0;
      this.#open[count++] = index;
    }
    if (this.#state.options.agentOrder === 'id') this.#sortOpen(count);
    this.#order.set(this.#open.subarray(0, count));
    return count;
  }

  #sortOpen(count: number): void {
    const { rows } = this.#state.cluster;
    const idOf = (index: number): string => (rows[index] as AgentRow).id;
    this.#open.subarray(0, count).sort((a, b) => compareBytes(idOf(a), idOf(b)));
  }

  /** First stage. Ends early when all guarantees are met. */
  #satisfyGuarantees(count: number): void {
    this.#shuffle(count);
    let isLacking = true;
    for (let i = 0; i < count && isLacking; i++) {
      if (!this.#enter(i)) continue;
      this.#visitRoles(this.#guarantees, undefined);
      for (const { client } of this.#uncharged) isLacking = this.#lacking.hasGiven(client.role);
      this.#charge();
    }
    this.#lacking.end();
  }

  /** Second stage. */
  #shareFairly(count: number): void {
    this.#starvation.begin();
    this.#shuffle(count);
    for (let i = 0; i < count; i++) {
      if (!this.#enter(i) || this.#starvation.isHopeless(this.#visit)) continue;
      this.#visitRoles(this.#fairShare, this.#starvation);
      this.#charge();
    }
  }

  #shuffle(count: number): void {
    const { agentOrder, random } = this.#state.options;
    if (agentOrder !== 'id') shuffle(this.#order, count, random);
  }

  /** @returns whether the agent has anything to give */
  #enter(position: number): boolean {
    const { cluster } = this.#state;
    const row = cluster.rows[this.#order[position] as number] as AgentRow;
    if (cluster.freeSlots[row.index] === 0) return false;
    this.#visit.enter(row);
    return true;
  }

  /** Tells shares what was given on the agent visited. */
  #charge(): void {
    const { ledger } = this.#state;
    for (let grant = this.#uncharged.pop(); grant !== undefined; grant = this.#uncharged.pop()) {
      ledger.charge(grant.client, grant.row, grant.bundle);
    }
  }

  #visitRoles(stage: Stage, starvation: Starvation | undefined): void {
    const visit = this.#visit;
    const { roleSorter, cluster } = this.#state;
    const settledAt = cluster.settledAt[visit.row.index] as number;
    for (let role = roleSorter.start(); role !== undefined; role = roleSorter.next()) {
      if (role.changedAt <= settledAt || starvation?.isStarved(role, visit) === true) continue;
      if (!stage.isEligible(role) || !visit.enterRole(role)) continue;
      const sorter = role.sorter;
      for (let client = sorter?.start(); client !== undefined; client = sorter?.next()) {
        if (client.changedAt <= settledAt || !this.#offer(stage, client)) continue;
        if (visit.isExhausted) return;
        if (!stage.isEligible(role) || !visit.enterRole(role)) break;
      }
    }
  }

  /** Puts one client to the tests of rule A39 and gives it what it passes them with. @returns whether it got something */
  #offer(stage: Stage, client: Client): boolean {
    if (!passesTests(this.#visit, stage, client, client.minimums ?? this.#state.minimums)) return false;
    this.#give(stage, client);
    return true;
  }

  #give(stage: Stage, client: Client): void {
    const visit = this.#visit;
    const bundle = visit.toBundle();
    const grant: Grant = { client, row: visit.row, bundle };
    this.#state.ledger.take(client, visit.row, bundle);
    stage.hasGiven(visit);
    if (stage === this.#fairShare) this.#starvation.hasGiven(client.role);
    visit.hasGiven(bundle);
    this.#uncharged.push(grant);
    this.#grants.push(grant);
  }

  /**
   * Notes that everybody has been tried on these agents: nothing more is given there until something changes.
   *
   * Sound because within a cycle what a client may get on an agent only shrinks: availability, limits and headroom fall, and a
   * refused offer stays refused when it becomes smaller. Shared volumes are the exception, as they come back in the next cycle,
   * and cuts whose order is drawn anew each time. While any role has a quota nothing is concluded: a guarantee that is lacking again
   * lets its role have what limits and headroom had kept back, on agents that were not bound by a quota when they were tried.
   */
  #settle(count: number, startedAt: number): void {
    const { cluster, options, roles } = this.#state;
    const hasQuota = roles.withQuota.size > 0;
    for (let i = 0; i < count; i++) {
      const index = this.#open[i] as number;
      const traits = cluster.traits[index] as number;
      const isDrawn = options.agentOrder !== 'id' && cluster.boundByQuota[index] === 1 && (traits & TWINS) !== 0;
      const isShared = (traits & SHARED) !== 0;
      cluster.settledAt[index] = hasQuota || isDrawn || isShared ? 0 : startedAt;
    }
  }

  #result(isMerged: boolean): Holding[] {
    const grants = isMerged ? mergeGrants(this.#grants) : this.#grants;
    this.#grants = [];
    return grants.map(({ client, row, bundle }) => ({
      frameworkId: client.framework.id,
      role: client.role.name,
      agentId: row.id,
      resources: resourcesOf(bundle),
    }));
  }
}

/** What both stages gave to one client on one agent is one offer (allocation rule A53). */
function mergeGrants(grants: readonly Grant[]): Grant[] {
  const byClient = new Map<Client, Map<AgentRow, Grant>>();
  for (const { client, row, bundle } of grants) {
    let byAgent = byClient.get(client);
    if (byAgent === undefined) byClient.set(client, (byAgent = new Map()));
    const earlier = byAgent.get(row);
    if (earlier === undefined) byAgent.set(row, { client, row, bundle });
    else earlier.bundle = addBundles(earlier.bundle, bundle);
  }
  const merged = new Set(grants.map(({ client, row }) => byClient.get(client)?.get(row) as Grant));
  return [...merged];
}

const TWINS = AGENT_TRAITS.hasTwins;
const SHARED = AGENT_TRAITS.hasShared;
