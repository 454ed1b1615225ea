import { Controller, Inject } from '@nestjs/common';
import {
  type AgentRegistered,
  AgentRegisteredV1,
  type AgentStateChanged,
  AgentStateChangedV1,
  type AgentUnavailabilityChanged,
  AgentUnavailabilityChangedV1,
  type AgentUsage,
  AgentUsageV1,
  type AnswerInverseOffers,
  AnswerInverseOffersV1,
  type ConvertFree,
  ConvertFreeV1,
  type FreeConversion,
  type FrameworkUpdated,
  FrameworkUpdatedV1,
  type OffersChanged,
  OffersChangedV1,
  type PlaceTaken,
  PlaceTakenV1,
  type RecoverResources,
  RecoverResourcesV1,
  type ReviveOffers,
  ReviveOffersV1,
  type RoleConfigChanged,
  RoleConfigChangedV1,
  type UpdateAllocation,
  UpdateAllocationV1,
} from '@tranche/contracts';
import { Handles, type MessageContext } from '@tranche/messaging';
import { ClusterRecords } from '../explain/cluster-records.js';
import { ApplyFacts } from './apply-facts.js';
import { Sources } from './sources.js';

/** Everything that the allocator is told. */
@Controller()
export class SyncConsumer {
  constructor(
    @Inject(ApplyFacts) private readonly apply: ApplyFacts,
    @Inject(Sources) private readonly sources: Sources,
    @Inject(ClusterRecords) private readonly records: ClusterRecords,
  ) {}

  @Handles(AgentRegisteredV1)
  agentsRegistered(items: AgentRegistered[], context: MessageContext): Promise<void> {
    return this.sources.registry.take(context, items, ({ agent }) => this.apply.agent(agent));
  }

  @Handles(AgentStateChangedV1)
  agentStatesChanged(items: AgentStateChanged[], context: MessageContext): Promise<void> {
    return this.sources.registry.take(context, items, (change) => this.apply.agentStateChanged(change));
  }

  @Handles(AgentUnavailabilityChangedV1)
  unavailabilitiesChanged(items: AgentUnavailabilityChanged[], context: MessageContext): Promise<void> {
    return this.sources.registry.take(context, items, (change) => this.apply.unavailabilityChanged(change));
  }

  @Handles(FrameworkUpdatedV1)
  frameworksUpdated(items: FrameworkUpdated[], context: MessageContext): Promise<void> {
    return this.sources.offers.take(context, items, ({ framework }) => this.apply.framework(framework));
  }

  @Handles(OffersChangedV1)
  offersChanged(items: OffersChanged[], context: MessageContext): Promise<void> {
    return this.sources.offers.take(context, items, (change) => this.records.offersChanged(change));
  }

  @Handles(RoleConfigChangedV1)
  rolesChanged(items: RoleConfigChanged[], context: MessageContext): Promise<void> {
    return this.sources.quota.take(context, items, ({ role }) => this.apply.role(role));
  }

  /** A new life of a source: what the one before has said is void, so a snapshot is due. */
  @Handles(PlaceTakenV1)
  async placesTaken(items: PlaceTaken[], context: MessageContext): Promise<void> {
    const source = this.sources.all.find((one) => items.some(({ queue }) => one.follows(queue)));
    await source?.take(context, items, () => undefined);
  }

  @Handles(AgentUsageV1)
  agentUsage(items: AgentUsage[], context: MessageContext): void {
    for (const item of this.news(items, context)) this.apply.usage(item);
  }

  @Handles(UpdateAllocationV1)
  allocationsUpdated(items: UpdateAllocation[], context: MessageContext): void {
    for (const item of this.news(items, context)) this.apply.convert(item);
  }

  @Handles(ConvertFreeV1)
  convertFree(request: ConvertFree): FreeConversion {
    return this.apply.convertFree(request);
  }

  @Handles(RecoverResourcesV1)
  resourcesRecovered(items: RecoverResources[], context: MessageContext): void {
    for (const item of this.news(items, context)) this.apply.recover(item);
  }

  @Handles(AnswerInverseOffersV1)
  inverseOffersAnswered(items: AnswerInverseOffers[]): void {
    for (const item of items) this.apply.inverseOfferAnswered(item);
  }

  @Handles(ReviveOffersV1)
  offersRevived(items: ReviveOffers[]): void {
    for (const item of items) this.apply.revive(item);
  }

  /** What is held is told by the snapshot and by what follows it: a release that it contains would free something twice. */
  private news<I>(items: readonly I[], context: MessageContext): readonly I[] {
    return this.sources.offers.isNews(context) ? items : [];
  }
}
