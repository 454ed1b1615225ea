import { compareBytes, Limits } from '@tranche/resources';
import type { AgentRow } from './cluster/agent-row.js';
import type { EngineState } from './engine-state.js';
import { type Asker, askerOf } from './explain/asker.js';
import { contendersOf } from './explain/contenders.js';
import { Examiner } from './explain/examiner.js';
import {
  type AgentExplanation,
  type Blocker,
  BLOCKER_CODES,
  type BlockerCode,
  type Explanation,
  type ExplainRequest,
  type FunnelStep,
  type Help,
  type OutstandingOffer,
} from './explain/explanation.js';
import { leadingWeight, metGuarantees } from './explain/means.js';
import { partsOf } from './explain/resource-blockers.js';
import { rehearse, type Rehearsed } from './explain/rehearsal.js';
import { type OfferedSlots, offeredSlots } from './explain/scratch.js';
import { plus, quantitiesOf, type Sums } from './explain/sums.js';
import { type Ignored, NOTHING_IGNORED } from './explain/workbench.js';
import { consumedOf } from './roles/role.js';

/** What the engine knows beside its tables. */
export interface ExplainContext {
  readonly state: EngineState;
  /** Why an agent takes no part in cycles (allocation rules A30, A31, A80); undefined when it does. */
  inactiveReason(row: AgentRow): string | undefined;
}

/**
 * Why somebody gets resources, or gets none: puts the tests of a cycle to every agent for one framework and role, or for a shape,
 * on a scratch state. Nothing of the engine changes.
 *
 * @source allocation rules A29–A62
 */
export function explain(context: ExplainContext, request: ExplainRequest): Explanation {
  return new Inquiry(context, request).answer();
}

/** One question. */
class Inquiry {
  readonly #state: EngineState;
  readonly #asker: Asker;
  readonly #rows: readonly AgentRow[];
  readonly #offered: OfferedSlots;
  readonly #offersByAgent: ReadonlyMap<string, OutstandingOffer[]>;
  readonly #inactive = new Map<AgentRow, string>();

  constructor(
    context: ExplainContext,
    private readonly request: ExplainRequest,
  ) {
    this.#state = context.state;
    this.#asker = askerOf(context.state, request.asker);
    this.#rows = [...context.state.agents.values()]
      .filter(({ id }) => request.agentId === undefined || id === request.agentId)
      .sort((a, b) => compareBytes(a.id, b.id));
    const offers = [...(request.offers ?? [])];
    this.#offered = offeredSlots(context.state, offers);
    this.#offersByAgent = Map.groupBy(offers, ({ agentId }) => agentId);
    for (const row of this.#rows) {
      const reason = context.inactiveReason(row);
      const known = reason === 'deactivated' ? request.deactivatedReason?.(row.id) : undefined;
      if (reason !== undefined) this.#inactive.set(row, known ?? reason);
    }
  }

  answer(): Explanation {
    const rehearsed = this.#rehearse(NOTHING_IGNORED);
    const agents = [...this.#rows.map(this.#examined(rehearsed)), ...this.#absent()];
    return {
      role: this.#asker.client.role.name,
      agents,
      funnel: funnelOf(agents),
      offered: rehearsed.offers.size,
      helps: this.#helps(agents, rehearsed.offers.size),
      ...this.#free(),
    };
  }

  #examined({ offers, takenBy, bench }: Rehearsed): (row: AgentRow) => AgentExplanation {
    const { blockers: own } = this.#asker;
    const nowNs = Math.round(this.request.nowMs * 1e6);
    const examiner = new Examiner(this.#state, this.#asker, this.#offered, nowNs);
    return (row) => {
      const offer = offers.get(row);
      if (offer !== undefined) return { agentId: row.id, blockers: [], offer: quantitiesOf(offer, this.#state.names) };
      const reason = this.#inactive.get(row);
      const blockers: Blocker[] = [
        ...own,
        ...(reason === undefined ? [] : [{ code: 'agent.inactive' as const, reason }]),
      ];
      const found = examiner.examine(row, this.#offersByAgent.get(row.id) ?? []);
      if (blockers.length + found.length > 0) return { agentId: row.id, blockers: [...blockers, ...found] };
      // Each agent by itself would do: then the others of this cycle are in the way.
      const takers = takenBy.get(row) ?? [];
      if (takers.length === 0)
        return { agentId: row.id, blockers: [examiner.quotaBlocker(bench, examiner.sumsOf(row))] };
      const ahead = takers.map(({ framework, role }) => ({
        frameworkId: framework.id,
        role: role.name,
        share: this.#state.roleSorter.share(role.name) ?? 0,
      }));
      return { agentId: row.id, blockers: [{ code: 'order.share', ahead }] };
    };
  }

  #absent(): AgentExplanation[] {
    return (this.request.absentAgents ?? []).map(({ agentId, reason }) => ({
      agentId,
      blockers: [...this.#asker.blockers, { code: 'agent.inactive', reason }],
    }));
  }

  #rehearse(ignored: Ignored, among: readonly AgentRow[] = this.#rows): Rehearsed {
    const isKept = this.#asker.blockers.some(({ code }) => !ignored.has(code));
    const rows = isKept ? [] : among.filter((row) => ignored.has('agent.inactive') || !this.#inactive.has(row));
    const ahead = ignored.has('order.share') ? [] : contendersOf(this.#state, this.#asker.client);
    return rehearse(this.#state, this.#asker, rows, ignored, ahead, this.#offered);
  }

  /** Asks again without each obstacle. */
  #helps(agents: readonly AgentExplanation[], offeredNow: number): Help[] {
    const blockers = agents.flatMap((agent) => agent.blockers);
    const found = BLOCKER_CODES.filter((code) => blockers.some((blocker) => blocker.code === code));
    // Reviving ends refusals too: one help for both.
    const isRevived = found.includes('role.suppressed');
    const codes = found.filter((code) => !isRevived || code !== 'filter.declined');
    const endedBy = (code: BlockerCode): BlockerCode[] =>
      code === 'role.suppressed' ? [code, 'filter.declined'] : [code];
    const ends = blockers.flatMap((blocker) => (blocker.code === 'filter.declined' ? [blocker.endsInMs] : []));
    const count = (...ignored: BlockerCode[]): number => this.#rehearse(new Set(ignored.flatMap(endedBy))).offers.size;
    return codes.flatMap((code, index): Help[] => {
      const reasons = code === 'agent.inactive' ? inactiveReasons(blockers) : [];
      if (reasons.length > 1) return reasons.map((reason) => this.#returns(reason, offeredNow));
      const alone = count(code);
      const later = code !== 'filter.declined' && ends.length > 0 ? count(code, 'filter.declined') : alone;
      const together = index > 0 ? count(...codes.slice(0, index + 1)) : alone;
      return [
        {
          code,
          ...(reasons.length === 1 ? { reason: reasons[0] } : {}),
          agents: Math.max(alone, offeredNow),
          ...(later > alone ? { later: { agents: later, inMs: Math.max(...ends) } } : {}),
          ...(together > alone ? { withAllBefore: together } : {}),
          ...this.#means(code),
        },
      ];
    });
  }

  /** Agents that are away for one reason take part again, the others do not. */
  #returns(reason: string, offeredNow: number): Help {
    const rows = this.#rows.filter((row) => (this.#inactive.get(row) ?? reason) === reason);
    const { offers } = this.#rehearse(new Set(['agent.inactive']), rows);
    return { code: 'agent.inactive', reason, agents: Math.max(offers.size, offeredNow) };
  }

  /** What has to be set to which value. */
  #means(code: BlockerCode): Partial<Help> {
    if (code === 'quota.limit') return this.#limits();
    if (code === 'quota.headroom') return metGuarantees(this.#state, this.#asker.client.role.top);
    return code === 'order.share' ? leadingWeight(this.#state, this.#asker.client) : {};
  }

  /** What limits would have to be for what is offered without any. */
  #limits(): Pick<Help, 'limits'> {
    const { role } = this.#asker.client;
    const { top } = role;
    if (top.quota?.hasLimits !== true) return {};
    const { bench } = this.#rehearse(new Set(['quota.limit', 'filter.declined']));
    const enough = Array.from(top.quota.spec.limits, ([text, limit]) => {
      const name = this.#state.names.find(text) ?? 0;
      const taken = (bench.client.role.unreservedHeld[name] ?? 0) - (role.unreservedHeld[name] ?? 0);
      return [text, Math.max(limit, consumedOf(top, name) + taken)] as const;
    });
    return { limits: Limits.of(enough) };
  }

  #free(): Pick<Explanation, 'largestFree' | 'totalFree'> {
    const { names } = this.#state;
    const { lineage } = this.#asker.client.role;
    const largest = new Map<number, { milli: number; agentId: string }>();
    let total: Sums = [];
    for (const row of this.#rows) {
      if (this.#inactive.has(row)) continue;
      const { ownFree } = partsOf(this.#state, row, lineage, this.#offered);
      total = plus(total, ownFree);
      ownFree.forEach((milli, name) => {
        if (milli > (largest.get(name)?.milli ?? 0)) largest.set(name, { milli, agentId: row.id });
      });
    }
    const largestFree = Array.from(largest, ([name, most]) => ({ name: names.nameOf(name), ...most }));
    return { largestFree, totalFree: quantitiesOf(total, names) };
  }
}

const inactiveReasons = (blockers: readonly Blocker[]): string[] => [
  ...new Set(blockers.flatMap((blocker) => (blocker.code === 'agent.inactive' ? [blocker.reason] : []))),
];

/** Each agent is counted at its first obstacle. */
function funnelOf(agents: readonly AgentExplanation[]): FunnelStep[] {
  const byCode = Map.groupBy(agents, ({ blockers }) => blockers[0]?.code);
  let left = agents.length;
  return BLOCKER_CODES.flatMap((code): FunnelStep[] => {
    const stopped = byCode.get(code);
    if (stopped === undefined) return [];
    left -= stopped.length;
    return [{ code, agents: stopped, left }];
  });
}
