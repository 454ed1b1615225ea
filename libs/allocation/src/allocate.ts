import { compareBytes } from '@tranche/resources';
import { AGENT_TRAITS, type AgentRow } from './cluster/agent-row.js';
import { type Bundle, resourcesOf } from './cluster/bundle.js';
import { addBundles } from './cluster/bundle-algebra.js';
import type { Holding } from './engine.js';
import type { EngineState } from './engine-state.js';
import type { Client } from './frameworks/framework.js';
import { Headroom } from './roles/headroom.js';
import { Bounds, shuffle } from './steps/bounds.js';
import { FairShareStage } from './steps/fair-share.js';
import { QuotaGuaranteeStage } from './steps/quota-guarantee.js';
import type { Stage } from './steps/stage.js';
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
  #grants: Grant[] = [];
  /** Grants of the agent being visited: shares hear of them when the visit is over (A50). */
  readonly #uncharged: Grant[] = [];
  #order = new Int32Array(0);

  constructor(state: EngineState) {
    this.#state = state;
    this.#visit = new Visit(state);
    this.#headroom = new Headroom(state);
    const bounds = new Bounds(state);
    this.#guarantees = new QuotaGuaranteeStage(state, bounds, this.#headroom);
    this.#fairShare = new FairShareStage(state, bounds, this.#headroom);
  }

  /** @param candidates agents that take part, in any order */
  run(candidates: readonly AgentRow[]): Holding[] {
    this.#grants = [];
    this.#visit.begin();
    this.#headroom.begin();
    const startedAt = this.#state.changes;
    const open = this.#openAgents(candidates);
    const hasGuarantees = open > 0 && !this.#guarantees.isDone();
    if (hasGuarantees) this.#runStage(this.#guarantees, open);
    this.#runStage(this.#fairShare, open);
    this.#settle(open, startedAt);
    this.#headroom.end();
    return this.#result(hasGuarantees);
  }

  /** Agents that have something free for which somebody may have begun to care since they were last tried in vain. */
  #openAgents(candidates: readonly AgentRow[]): number {
    const { cluster, clientsChangedAt, quotaLoosenedAt } = this.#state;
    if (this.#order.length < candidates.length) this.#order = new Int32Array(candidates.length);
    const open: AgentRow[] = [];
    for (const row of candidates) {
      const { index } = row;
      if (cluster.freeSlots[index] === 0) continue;
      if (cluster.boundByQuota[index] === 1 && (cluster.settledAt[index] as number) < quotaLoosenedAt) {
        cluster.settledAt[index] = 0;
      }
      const settledAt = cluster.settledAt[index] as number;
      if (settledAt === 0 || settledAt < clientsChangedAt) open.push(row);
    }
    if (this.#state.options.agentOrder === 'id') open.sort((a, b) => compareBytes(a.id, b.id));
    for (let i = 0; i < open.length; i++) this.#order[i] = (open[i] as AgentRow).index;
    return open.length;
  }

  #runStage(stage: Stage, count: number): void {
    const { cluster, options } = this.#state;
    if (options.agentOrder !== 'id') shuffle(this.#order, count, options.random);
    for (let i = 0; i < count; i++) {
      const row = cluster.rows[this.#order[i] as number] as AgentRow;
      if (cluster.freeSlots[row.index] === 0) continue;
      this.#visit.enter(row);
      this.#visitRoles(stage);
      for (const { client, bundle } of this.#uncharged) this.#state.ledger.charge(client, row, bundle);
      if (this.#uncharged.length === 0) continue;
      this.#uncharged.length = 0;
      if (stage.isDone()) return;
    }
  }

  #visitRoles(stage: Stage): void {
    const visit = this.#visit;
    const { roleSorter, cluster } = this.#state;
    const settledAt = cluster.settledAt[visit.row.index] as number;
    for (let role = roleSorter.start(); role !== undefined; role = roleSorter.next()) {
      if (role.changedAt <= settledAt || !stage.isEligible(role) || !visit.enterRole(role)) continue;
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
    const visit = this.#visit;
    const minimums = client.minimums ?? this.#state.minimums;
    if ((visit.traits & client.refusedTraits) !== 0) return false;
    if (client.constraints !== undefined && !client.constraints.accepts(visit.row)) return false;
    if (!visit.isWorthOffering(minimums)) return false;
    visit.compose(client);
    if (!stage.compose(visit, client) || !visit.offerIsWorthMaking(minimums) || visit.isRefused(client)) return false;
    this.#give(stage, client);
    return true;
  }

  #give(stage: Stage, client: Client): void {
    const visit = this.#visit;
    const bundle = visit.toBundle();
    const grant: Grant = { client, row: visit.row, bundle };
    this.#state.ledger.take(client, visit.row, bundle);
    stage.hasGiven(visit);
    visit.hasGiven(bundle);
    this.#uncharged.push(grant);
    this.#grants.push(grant);
  }

  /**
   * Notes that everybody has been tried on these agents: nothing more is given there until something changes.
   *
   * Sound because within a cycle what a client may get on an agent only shrinks: availability, limits and headroom fall, and a
   * refused offer stays refused when it becomes smaller. Shared volumes are the exception, as they come back in the next cycle,
   * and cuts whose order is drawn anew each time.
   */
  #settle(count: number, startedAt: number): void {
    const { cluster, options } = this.#state;
    for (let i = 0; i < count; i++) {
      const index = this.#order[i] as number;
      const traits = cluster.traits[index] as number;
      const isDrawn = options.agentOrder !== 'id' && cluster.boundByQuota[index] === 1 && (traits & TWINS) !== 0;
      const isShared = (traits & SHARED) !== 0;
      cluster.settledAt[index] = isDrawn || isShared ? 0 : startedAt;
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
