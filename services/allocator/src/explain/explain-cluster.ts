import type { AllocationEngine, Explanation, ExplainRequest, RoleAccount } from '@tranche/allocation';
import type {
  AgentExplanationView,
  AgentRecord,
  ExplanationView,
  FrameworkRecord,
  RoleExplanationView,
} from '@tranche/contracts';
import { type Quantities, Resources } from '@tranche/resources';
import type { Clock } from '@tranche/telemetry';
import type { Sight } from '@tranche/http';
import { amountsOf, quantitiesText } from './amounts.js';
import type { ClusterRecords } from './cluster-records.js';
import { ANOTHER_FRAMEWORK, ANOTHER_ROLE, type ExplainSight, explainSight } from './explain-sight.js';
import { explainedAgent, explanationParts, type ViewContext } from './explanation-view.js';
import { commandNames } from './command-names.js';
import type { ShapeQuery } from './shape-query.js';
import { summaryText } from './summary-text.js';

/** When cycles run. */
export interface RunClock {
  /** Milliseconds since the epoch; 0 before the first. */
  readonly lastRunMs: number;
  readonly intervalMs: number;
}

/** Frameworks and roles that are named when an agent is explained. */
const MAX_TAKERS = 20;

/** Answers why somebody gets resources or none: the engine's answer, with names and reasons that only the records have. */
export class ExplainCluster {
  constructor(
    private readonly engine: AllocationEngine,
    private readonly records: ClusterRecords,
    private readonly runs: RunClock,
    private readonly clock: Clock,
  ) {}

  /** @param sight of who may not see everything: others that it may not see have no names in the answer */
  framework(record: FrameworkRecord, role: string, withAgents: boolean, sight?: Sight): ExplanationView {
    const { frameworkId, info } = record;
    const explanation = this.#ask({ asker: { frameworkId, role } });
    const context = this.#context(record, role, sight);
    const parts = explanationParts(explanation, context);
    const lastOfferMs = this.records.lastOfferMs(frameworkId, role);
    const facts = {
      subject: `${info.name}, role ${role}`,
      role,
      offered: parts.offered.agents,
      agents: parts.agents,
      sinceLastOfferMs: lastOfferMs === undefined ? undefined : context.nowMs - lastOfferMs,
      isShape: false,
    };
    return {
      frameworkId,
      frameworkName: info.name,
      role,
      summary: summaryText(facts, parts.funnel),
      ...parts,
      ...(lastOfferMs === undefined ? {} : { lastOfferAt: new Date(lastOfferMs).toISOString() }),
      asOf: this.#asOf(context.nowMs),
      ...this.#items(explanation, context, withAgents),
    };
  }

  shape({ shape, role, withAgents }: ShapeQuery): ExplanationView {
    const explanation = this.#ask({ asker: { shape, role } });
    const context = this.#context(undefined, role);
    const parts = explanationParts(explanation, context);
    const asked = [
      ...(shape.quantities.isEmpty ? [] : [quantitiesText(shape.quantities)]),
      ...Object.entries(shape.attributes ?? {}).map(([name, value]) => `${name}=${value}`),
    ];
    const facts = {
      subject: `${asked.join(' · ')}, role ${role}`,
      role,
      offered: parts.offered.agents,
      agents: parts.agents,
      sinceLastOfferMs: undefined,
      isShape: true,
    };
    return {
      role,
      shape: {
        amounts: amountsOf(shape.quantities),
        ...(shape.ports && { ports: shape.ports.map(({ begin, end }) => `${begin}-${end}`).join(',') }),
        ...(shape.attributes && { attributes: { ...shape.attributes } }),
      },
      summary: summaryText(facts, parts.funnel),
      ...parts,
      asOf: this.#asOf(context.nowMs),
      ...this.#items(explanation, context, withAgents),
    };
  }

  /**
   * @param sight of who may not see everything: frameworks and other roles that it may not see are left out
   * @returns undefined for a role that is not known
   */
  role(name: string, sight?: Sight): RoleExplanationView | undefined {
    const account = this.engine.explainRole(name, this.records.offers);
    return account === undefined ? undefined : this.#roleView(account, explainSight(sight, this.records));
  }

  agent({ agentId, hostname, state, stateReason, stateSinceMs, resources }: AgentRecord): AgentExplanationView {
    const { view } = this.engine;
    const total = view.total(agentId) ?? Resources.fromJson(resources);
    const free = view.available(agentId) ?? Resources.EMPTY;
    const offers = [...this.records.offers].filter((offer) => offer.agentId === agentId);
    const reserved = [
      ...new Set(
        free
          .reserved()
          .toJson()
          .flatMap(({ reservations = [] }) => reservations.at(-1)?.role ?? []),
      ),
    ];
    return {
      id: agentId,
      hostname,
      state,
      ...(stateReason === undefined ? {} : { stateReason }),
      stateSince: new Date(stateSinceMs).toISOString(),
      total: amountsOf(total.quantities()),
      free: amountsOf(free.quantities()),
      reservedFree: reserved.map((role) => ({ role, amounts: amountsOf(free.reserved(role).quantities()) })),
      inUse: this.#inUse(agentId),
      offered: offers.map(({ offerId, frameworkId, role, madeAtMs, resources: held }) => ({
        offerId,
        frameworkId,
        frameworkName: this.records.frameworkNameOf(frameworkId),
        role,
        madeAt: new Date(madeAtMs).toISOString(),
        amounts: amountsOf(held.quantities()),
      })),
      takers: free.isEmpty || view.total(agentId) === undefined ? [] : this.#takers(agentId),
    };
  }

  #inUse(agentId: string): AgentExplanationView['inUse'] {
    const offers = [...this.records.offers].filter((offer) => offer.agentId === agentId);
    return [...this.engine.view.holdings()].flatMap(({ frameworkId, role, agentId: at, resources }) => {
      if (at !== agentId) return [];
      const offered = offers.filter((offer) => offer.frameworkId === frameworkId && offer.role === role);
      const used = offered.reduce((rest, offer) => rest.minus(offer.resources), resources);
      if (used.isEmpty) return [];
      const frameworkName = this.records.frameworkNameOf(frameworkId);
      return [{ frameworkId, frameworkName, role, amounts: amountsOf(used.quantities()) }];
    });
  }

  #takers(agentId: string): AgentExplanationView['takers'] {
    const clients = [...this.records.frameworks]
      .filter(({ state }) => state !== 'removed')
      .flatMap((record) => record.roles.map((role) => ({ record, role })));
    return clients.slice(0, MAX_TAKERS).flatMap(({ record, role }) => {
      const { frameworkId, info } = record;
      const [answer] = this.#ask({ asker: { frameworkId, role }, agentId }).agents;
      if (answer === undefined) return [];
      const { blockers, offer } = explainedAgent(answer, this.#context(record, role));
      return [{ frameworkId, frameworkName: info.name, role, blockers, ...(offer && { offer }) }];
    });
  }

  #roleView(account: RoleAccount, sees: ExplainSight): RoleExplanationView {
    const { role, chargedTo, weight, share, guarantees, limits, counted, lacking, available } = account;
    const keptForOthers = account.keptForOthers.filter((kept) => sees.role(kept.role));
    const frameworks = account.frameworks.filter(({ frameworkId }) => sees.framework(frameworkId));
    const amounts = (quantities: Quantities): Record<string, number> => amountsOf(quantities);
    return {
      role,
      chargedTo,
      weight,
      ...(share === undefined ? {} : { share }),
      guarantee: amounts(guarantees),
      limit: limits === undefined ? {} : amountsOf(limits),
      used: amounts(counted.used),
      counted: {
        reserved: amounts(counted.reserved),
        held: amounts(counted.held),
        offered: amounts(counted.offered),
      },
      headroom: {
        available: amounts(available),
        lacking: amounts(lacking),
        keptForOthers: keptForOthers.map((kept) => ({ role: kept.role, amounts: amounts(kept.resources) })),
      },
      ahead: account.ahead.filter((one) => sees.role(one.role)).map((one) => ({ ...one })),
      frameworks: frameworks.map(({ frameworkId, share: own, isActive, isSuppressed, holds }) => ({
        id: frameworkId,
        name: this.records.frameworkNameOf(frameworkId),
        share: own,
        state: isActive ? 'active' : isSuppressed ? 'suppressed' : 'inactive',
        held: amounts(holds),
      })),
    };
  }

  #ask(request: Pick<ExplainRequest, 'asker' | 'agentId'>): Explanation {
    const { offers } = this.records;
    const absent = request.agentId === undefined ? { absentAgents: this.#absentAgents() } : {};
    const deactivatedReason = (agentId: string): string | undefined => this.records.inactiveReason(agentId);
    return this.engine.explain({ ...request, ...absent, offers, deactivatedReason, nowMs: this.clock.nowMs() });
  }

  /** Agents that the engine does not have: they are away, or it is not known yet what is held there. */
  #absentAgents(): { agentId: string; reason: string }[] {
    return [...this.records.agentRecords].flatMap(({ agentId, state }) =>
      this.engine.view.total(agentId) === undefined
        ? [{ agentId, reason: this.records.inactiveReason(agentId) ?? state }]
        : [],
    );
  }

  #context(framework: FrameworkRecord | undefined, role: string, sight?: Sight): ViewContext {
    const sees = explainSight(sight, this.records);
    return {
      nowMs: this.clock.nowMs(),
      framework,
      role,
      nameOf: (frameworkId) =>
        sees.framework(frameworkId) ? this.records.frameworkNameOf(frameworkId) : ANOTHER_FRAMEWORK,
      roleText: (other) => (sees.role(other) ? other : ANOTHER_ROLE),
      sees,
      hostnameOf: (agentId) => this.records.hostnameOf(agentId),
      names: commandNames(this.records, this.engine.view),
    };
  }

  #items(explanation: Explanation, context: ViewContext, withAgents: boolean): Pick<ExplanationView, 'items'> {
    return withAgents ? { items: explanation.agents.map((agent) => explainedAgent(agent, context)) } : {};
  }

  #asOf(nowMs: number): ExplanationView['asOf'] {
    const { lastRunMs, intervalMs } = this.runs;
    const nextRunInMs = Math.max(0, Math.ceil(lastRunMs + intervalMs - nowMs));
    return { run: this.engine.view.runs, at: new Date(lastRunMs).toISOString(), nextRunInMs };
  }
}
