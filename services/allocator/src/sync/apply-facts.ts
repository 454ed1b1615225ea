// size: one short method for each thing that the allocator is told, over the same few tables.
import type { AllocationEngine, FrameworkSpec, Holding } from '@tranche/allocation';
import {
  type AgentRecord,
  type AgentStateChanged,
  type AgentUnavailabilityChanged,
  type AgentUsage,
  type AnswerInverseOffers,
  type ConvertFree,
  type FrameworkRecord,
  type FreeConversion,
  isIn,
  isPresentState,
  type OffersSnapshot,
  type Partition,
  partitionOf,
  type QuotaSnapshot,
  type RecoverResources,
  type RegistrySnapshot,
  type ReviveOffers,
  type RoleConfig,
  type UpdateAllocation,
  WHOLE,
} from '@tranche/contracts';
import { carryingChanges, registrationOf, Resources, withChange, withConversion } from '@tranche/resources';
import type { Clock } from '@tranche/telemetry';
import type { ClusterRecords } from '../explain/cluster-records.js';
import type { MadeAllocations } from '../runs/made-allocations.js';
import { agentSpec, frameworkSpec, holding, quotaOf, unavailabilityOf } from './engine-specs.js';

/** How much of a cluster must be back after a failover before quotas are served, and for how long to wait (allocation rule A80). */
const RECOVERY = { factor: 0.8, timeoutMs: 600_000 };

interface PresentAgent {
  record: AgentRecord;
  isInEngine: boolean;
  /** Partitions of `offers` that have told what is held there. */
  readonly told: Set<number>;
}

export interface ApplyFactsParts {
  readonly engine: AllocationEngine;
  readonly runner: { requestDue(): void };
  readonly made: MadeAllocations;
  readonly clock: Clock;
  readonly records: ClusterRecords;
  /** Into how many partitions `offers` is cut. */
  readonly partitions: number;
}

/** Brings facts, commands and snapshots of the other services into the engine, and asks for the run that they call for. */
export class ApplyFacts {
  /** Usage of agents that the registry has not told of yet, by agent and partition; undefined from its first snapshot on. */
  private early: Map<string, AgentUsage> | undefined = new Map();
  /** Agents that are present, by id: those of which it is not known yet what is held there are not in the engine. */
  private readonly agents = new Map<string, PresentAgent>();
  /** By id, whether it is active. */
  private readonly frameworks = new Map<string, boolean>();
  private readonly roles = new Set<string>();

  private readonly engine: AllocationEngine;
  private readonly runner: { requestDue(): void };
  private readonly made: MadeAllocations;
  private readonly clock: Clock;
  private readonly records: ClusterRecords;

  constructor(private readonly parts: ApplyFactsParts) {
    ({ engine: this.engine, runner: this.runner, made: this.made, clock: this.clock, records: this.records } = parts);
  }

  /**
   * An agent takes part when its usage is known. A deactivated one keeps what it has and what is held there, and is offered to nobody
   * (allocation rule A30); one that is unreachable, removed or gone leaves.
   */
  agent(stated: AgentRecord): void {
    const { agentId } = stated;
    const before = this.agents.get(agentId);
    const record = carryingChanges(stated, before?.record);
    this.records.agent(record);
    if (!isPresentState(record.state)) return this.agentGone(agentId);
    const { isInEngine = false, told = new Set<number>() } = before ?? {};
    this.agents.set(agentId, { record, isInEngine, told });
    if (!isInEngine) return;
    this.engine.updateAgent(agentSpec(record));
    if (!isSame(before?.record.unavailability, record.unavailability)) this.setMaintenance(record);
    this.activate(agentId);
    this.runner.requestDue();
  }

  /** An agent that comes back from being unreachable comes by a registration, with what it has. */
  agentStateChanged(change: AgentStateChanged): void {
    const { agentId, state } = change;
    this.records.agentStateChanged(change);
    if (!isPresentState(state)) return this.agentGone(agentId);
    const known = this.agents.get(agentId);
    if (known === undefined) return;
    this.agents.set(agentId, { ...known, record: { ...known.record, state } });
    this.activate(agentId);
  }

  /** It is offered to nobody before all partitions of `offers` have told what is held there. */
  private activate(agentId: string): void {
    const known = this.agents.get(agentId);
    if (known === undefined) return;
    const isKnown = known.told.size === this.parts.partitions;
    this.engine.setAgentActive(agentId, isKnown && known.record.state === 'active');
  }

  /** Inverse offers follow with the next cycle, for who holds something there then (allocation rules A75, A76). */
  unavailabilityChanged({ agentId, unavailability }: AgentUnavailabilityChanged): void {
    const known = this.agents.get(agentId);
    if (known === undefined || isSame(known.record.unavailability, unavailability)) return;
    const { unavailability: _before, ...rest } = known.record;
    const record = unavailability === undefined ? rest : { ...rest, unavailability };
    this.agents.set(agentId, { ...known, record });
    if (!known.isInEngine) return;
    this.setMaintenance(record);
    this.runner.requestDue();
  }

  private setMaintenance({ agentId, unavailability }: AgentRecord): void {
    this.engine.setMaintenance(agentId, unavailability && unavailabilityOf(unavailability));
  }

  inverseOfferAnswered({ frameworkId, agentId, answer, refuseSeconds }: AnswerInverseOffers): void {
    if (!this.frameworks.has(frameworkId) || !this.agents.has(agentId)) return;
    const inverseOffer = { frameworkId, agentId };
    if (answer === undefined) this.engine.endInverseOffer(inverseOffer);
    else this.engine.answerInverseOffer(inverseOffer, answer === 'accepted', this.clock.nowMs(), refuseSeconds);
  }

  /** An operation has turned what a framework holds into something else, and so what the agent has (allocation rule A69). */
  convert({ agentId, frameworkId, role, consumed, converted }: UpdateAllocation): void {
    const holder = { frameworkId, role };
    const conversion = { consumed: Resources.fromJson(consumed), converted: Resources.fromJson(converted) };
    if (!this.engine.convert({ agentId, holder, ...conversion })) return;
    this.noteConversion(agentId, partitionOf(frameworkId, this.parts.partitions), conversion);
  }

  /** What nobody holds becomes something else, if all of it is free. */
  convertFree({ agentId, partition, consumed, converted }: ConvertFree): FreeConversion {
    const known = this.agents.get(agentId);
    const total = this.engine.view.total(agentId);
    // What partitions have not told of yet would seem free.
    if (total === undefined || known?.told.size !== this.parts.partitions) return { outcome: 'unknown-agent' };
    const conversion = { consumed: Resources.fromJson(consumed), converted: Resources.fromJson(converted) };
    if (!this.engine.convert({ agentId, ...conversion })) {
      const free = this.engine.view.available(agentId);
      return { outcome: 'lacking', free: free?.toJson() ?? [] };
    }
    this.noteConversion(agentId, partition, conversion);
    this.runner.requestDue();
    return { outcome: 'converted' };
  }

  /** The agent's total after a conversion: the share in it of the partition that did it, where `offers` is cut. */
  private noteConversion(agentId: string, partition: number, conversion: Parameters<typeof withConversion>[2]): void {
    const known = this.agents.get(agentId);
    const total = this.engine.view.total(agentId);
    if (known === undefined || total === undefined) return;
    known.record =
      this.parts.partitions === 1
        ? { ...known.record, resources: total.toJson() }
        : withConversion(known.record, partition, conversion);
    this.records.agent(known.record);
  }

  /** Of one partition of `offers`: what is held by frameworks of the others stays as it is. */
  usage(usage: AgentUsage): void {
    const { agentId, held, total, change, seenEpoch, seenRun } = usage;
    const partition = { index: change?.partition ?? 0, count: this.parts.partitions };
    const known = this.agents.get(agentId);
    if (known === undefined) {
      if (this.early !== undefined) this.early.set(`${agentId} ${partition.index}`, usage);
      return;
    }
    if (change !== undefined) this.takeTotal(known, withChange(known.record, change));
    else if (total !== undefined) this.takeTotal(known, { ...known.record, resources: total });
    const own = [...held.map(holding), ...this.made.unseen(agentId, seenEpoch, seenRun, partition)];
    const all = known.isInEngine ? [...this.heldByOthers(agentId, partition), ...own] : own;
    if (known.isInEngine) this.engine.replaceHeld(agentId, all);
    else this.engine.addAgent(agentSpec(known.record), all, false);
    known.isInEngine = true;
    this.noteTold(known, partition.index);
    this.activate(agentId);
    this.runner.requestDue();
  }

  /** It takes part from when the last partition has told what is held there. */
  private noteTold({ record, told }: PresentAgent, index: number): void {
    if (told.has(index)) return;
    told.add(index);
    if (told.size === this.parts.partitions) this.engine.completeAgent(record.agentId);
  }

  private heldByOthers(agentId: string, partition: Partition): Holding[] {
    if (partition.count === 1) return [];
    return [...this.engine.view.holdingsOn(agentId)].filter(({ frameworkId }) => !isIn(partition, frameworkId));
  }

  /** What operations have made of it; without such a word it is what the registry states. */
  private takeTotal(known: PresentAgent, record: AgentRecord): void {
    known.record = record;
    this.records.agent(known.record);
    if (known.isInEngine) this.engine.updateAgent(agentSpec(known.record));
  }

  private agentGone(agentId: string): void {
    this.agents.delete(agentId);
    this.made.forget(agentId);
    this.engine.removeAgent(agentId);
  }

  framework(record: FrameworkRecord): void {
    const { frameworkId, state, active } = record;
    this.records.framework(record);
    if (state === 'removed') return this.frameworkGone(frameworkId);
    this.putFramework(frameworkSpec(record), active);
    this.frameworks.set(frameworkId, active);
    this.runner.requestDue();
  }

  recover({ refuseSeconds, ...held }: RecoverResources): void {
    this.engine.recover(holding(held), this.clock.nowMs(), refuseSeconds);
  }

  revive({ frameworkId, roles }: ReviveOffers): void {
    this.engine.revive(frameworkId, roles);
    this.runner.requestDue();
  }

  role(config: RoleConfig): void {
    this.roles.add(config.name);
    this.engine.setWeight(config.name, config.weight ?? 1);
    // Only top-level roles have quota (allocation rule A14).
    if (!config.name.includes('/')) this.engine.setQuota(config.name, quotaOf(config));
  }

  registrySnapshot({ agents }: RegistrySnapshot): void {
    const present = new Set(agents.map(({ agentId }) => agentId));
    this.records.agents(agents);
    for (const agentId of [...this.agents.keys()]) if (!present.has(agentId)) this.agentGone(agentId);
    for (const agent of agents) this.agent(this.withKnownTotal(agent));
    if (this.early === undefined) return;
    this.beginAfterFailover(agents);
  }

  /** Within one registration of an agent, operations have the newer word on what it has: the registry hears of them later. */
  private withKnownTotal(record: AgentRecord): AgentRecord {
    const known = this.agents.get(record.agentId)?.record;
    const isSame =
      known?.registeredAtMs === record.registeredAtMs && known.reregisteredAtMs === record.reregisteredAtMs;
    if (!isSame) return record;
    const { registered, changes } = known;
    return {
      ...{ ...record, resources: known.resources },
      ...(registered === undefined ? {} : { registered }),
      ...(changes === undefined ? {} : { changes }),
    };
  }

  /**
   * The first snapshot: agents that were known before this allocator began are awaited, if there is a quota, so that guarantees
   * are not met from those alone that come first.
   *
   * @source allocation rule A80
   */
  private beginAfterFailover(agents: readonly AgentRecord[]): void {
    const expectedAgents = agents.filter(({ state }) => isPresentState(state)).length;
    this.engine.awaitAgents({ ...RECOVERY, expectedAgents });
    const early = this.early?.values() ?? [];
    this.early = undefined;
    for (const usage of early) this.usage(usage);
  }

  /** @param partition of `offers` that it is of: what is known of the others stays */
  offersSnapshot(snapshot: OffersSnapshot, partition: Partition = WHOLE): void {
    const { asOf, frameworks, held, totals = [], reconciledAgents = [], seenEpoch, seenRun } = snapshot;
    this.made.restOn(asOf.source, partition);
    this.records.forgetOffers(partition);
    const alive = new Set(frameworks.filter(({ state }) => state !== 'removed').map(({ frameworkId }) => frameworkId));
    for (const id of [...this.frameworks.keys()]) if (isIn(partition, id) && !alive.has(id)) this.frameworkGone(id);
    for (const framework of frameworks) this.framework(framework);
    const byAgent = Map.groupBy(held, ({ agentId }) => agentId);
    const changed = new Map(totals.map((total) => [total.agentId, total]));
    for (const agentId of reconciledAgents) {
      const usage = { agentId, held: byAgent.get(agentId) ?? [], seenEpoch, seenRun };
      this.usage({ ...usage, ...this.totalOf(agentId, changed.get(agentId), partition) });
    }
  }

  /** What a snapshot says of an agent's total, as an agent's usage does. */
  private totalOf(
    agentId: string,
    stated: NonNullable<OffersSnapshot['totals']>[number] | undefined,
    { index, count }: Partition,
  ): Pick<AgentUsage, 'total' | 'change'> {
    if (count === 1) return stated === undefined ? {} : { total: stated.resources };
    const record = this.agents.get(agentId)?.record;
    const asOfMs = record === undefined ? 0 : registrationOf(record);
    return { change: stated?.change ?? { partition: index, asOfMs, minus: [], plus: [] } };
  }

  /** Roles that are not in it have no quota and no weight any more. */
  quotaSnapshot({ roles }: QuotaSnapshot): void {
    const present = new Set(roles.map(({ name }) => name));
    for (const name of this.roles) if (!present.has(name)) this.role({ name });
    for (const role of roles) this.role(role);
  }

  private putFramework(spec: FrameworkSpec, isActive: boolean): void {
    const wasActive = this.frameworks.get(spec.id);
    if (wasActive === undefined) return this.engine.addFramework(spec, isActive);
    this.engine.updateFramework(spec);
    if (wasActive !== isActive) this.engine.setFrameworkActive(spec.id, isActive);
  }

  private frameworkGone(frameworkId: string): void {
    this.frameworks.delete(frameworkId);
    this.engine.removeFramework(frameworkId);
  }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
