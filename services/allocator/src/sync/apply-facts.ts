import type {
  AgentRecord,
  AgentUsage,
  FrameworkRecord,
  HeldResources,
  OffersSnapshot,
  QuotaSnapshot,
  RecoverResources,
  RegistrySnapshot,
  ReviveOffers,
  RoleConfig,
} from '@tranche/contracts';
import { capabilitiesOf } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import type { Clock } from '../clock.port.js';
import type { AllocationEngine, Held } from '../engine/allocation-engine.port.js';
import type { AllocationRunner } from '../runs/allocation-runner.js';
import type { MadeAllocations } from '../runs/made-allocations.js';

/** What is known of agents and frameworks beside what the engine needs: to see what a fact changes. */
interface Known {
  readonly agents: Set<string>;
  readonly activeFrameworks: Set<string>;
}

/** Brings facts, commands and snapshots of the other services into the engine, and asks for the runs that they cause. */
export class ApplyFacts {
  private readonly known: Known = { agents: new Set(), activeFrameworks: new Set() };

  constructor(
    private readonly engine: AllocationEngine,
    private readonly runner: Pick<AllocationRunner, 'requestAll' | 'requestAgent'>,
    private readonly made: MadeAllocations,
    private readonly clock: Clock,
  ) {}

  /** Only active agents take part; of a new one nothing is offered before its usage is known. */
  agent(record: Pick<AgentRecord, 'agentId' | 'state' | 'resources'>): void {
    const { agentId, state } = record;
    if (state !== 'active') return this.agentGone(agentId);
    const isNew = !this.known.agents.has(agentId);
    this.known.agents.add(agentId);
    this.engine.putAgent({ agentId, total: Resources.fromJson(record.resources).withoutAllocationRole() });
    if (!isNew) this.runner.requestAgent(agentId);
  }

  agentGone(agentId: string): void {
    this.known.agents.delete(agentId);
    this.made.forget(agentId);
    this.engine.removeAgent(agentId);
  }

  usage({ agentId, held, seenEpoch, seenRun }: AgentUsage): void {
    if (!this.known.agents.has(agentId)) return;
    const unseen = this.made.unseen(agentId, seenEpoch, seenRun);
    this.engine.setHeld(agentId, [...held.map(toHeld), ...unseen]);
    this.runner.requestAgent(agentId);
  }

  framework(record: FrameworkRecord): void {
    const { frameworkId, state, active, roles, suppressedRoles, info } = record;
    const wasActive = this.known.activeFrameworks.has(frameworkId);
    if (state === 'removed') {
      this.known.activeFrameworks.delete(frameworkId);
      this.engine.removeFramework(frameworkId);
      return;
    }
    const capabilities = new Set<string>(capabilitiesOf(info));
    this.engine.putFramework({ frameworkId, roles, suppressedRoles, capabilities, active });
    if (active) this.known.activeFrameworks.add(frameworkId);
    else this.known.activeFrameworks.delete(frameworkId);
    if (active && !wasActive) this.runner.requestAll();
  }

  recover({ refuseSeconds, ...held }: RecoverResources): void {
    this.engine.recover(toHeld(held), refuseSeconds, this.clock.nowMs());
  }

  revive({ frameworkId, roles }: ReviveOffers): void {
    this.engine.revive(frameworkId, roles);
    this.runner.requestAll();
  }

  role({ name, weight }: RoleConfig): void {
    this.engine.setWeight(name, weight ?? 1);
  }

  registrySnapshot({ agents }: RegistrySnapshot): void {
    const present = new Set(agents.map((agent) => agent.agentId));
    for (const agentId of [...this.known.agents]) if (!present.has(agentId)) this.agentGone(agentId);
    for (const agent of agents) this.agent(agent);
  }

  offersSnapshot(snapshot: OffersSnapshot): void {
    const { frameworks, held, reconciledAgents = [], seenEpoch, seenRun } = snapshot;
    const alive = new Set(frameworks.filter((one) => one.state !== 'removed').map((one) => one.frameworkId));
    for (const frameworkId of [...this.known.activeFrameworks]) {
      if (alive.has(frameworkId)) continue;
      this.known.activeFrameworks.delete(frameworkId);
      this.engine.removeFramework(frameworkId);
    }
    for (const framework of frameworks) this.framework(framework);
    const seen = { ...(seenEpoch === undefined ? {} : { seenEpoch }), ...(seenRun === undefined ? {} : { seenRun }) };
    for (const agentId of reconciledAgents) {
      this.usage({ agentId, held: held.filter((one) => one.agentId === agentId), ...seen });
    }
  }

  quotaSnapshot({ roles }: QuotaSnapshot): void {
    for (const role of roles) this.role(role);
  }
}

/** From a message into the engine's values; the allocation role is in the message's own field. */
function toHeld({ frameworkId, role, agentId, resources }: HeldResources): Held {
  return { frameworkId, role, agentId, resources: Resources.fromJson(resources).withoutAllocationRole() };
}
