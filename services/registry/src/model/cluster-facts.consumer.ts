import { Controller } from '@nestjs/common';
import {
  type AgentResourcesChanged,
  AgentResourcesChangedV1,
  type FrameworkUpdated,
  FrameworkUpdatedV1,
  type InverseOffersChanged,
  InverseOffersChangedV1,
  type OffersChanged,
  OffersChangedV1,
  type OperationUpdated,
  OperationUpdatedV1,
  type PlaceTaken,
  PlaceTakenV1,
  type TaskLaunched,
  TaskLaunchedV1,
  type TaskUpdated,
  TaskUpdatedV1,
} from '@tranche/contracts';
import { Handles, type MessageContext, SourceFollower } from '@tranche/messaging';
import { TakeTotals } from '../agents/take-totals.js';
import { InverseOfferAnswers } from '../maintenance/inverse-offer-answers.js';
import { DocumentRefresher } from '../documents/document-refresher.js';
import { ClusterModel } from './cluster-model.js';

/** What `offers` states of frameworks, tasks, offers and operations, into the read model. */
@Controller()
export class ClusterFactsConsumer {
  constructor(
    private readonly model: ClusterModel,
    private readonly offers: SourceFollower,
    private readonly refresher: DocumentRefresher,
    private readonly totals: TakeTotals,
    private readonly answers: InverseOfferAnswers,
  ) {}

  /** A new life of `offers`: what the one before has said is void, so a snapshot is due. */
  @Handles(PlaceTakenV1)
  async placesTaken(items: PlaceTaken[], context: MessageContext): Promise<void> {
    if (!items.some(({ queue }) => this.offers.follows(queue))) return;
    await this.offers.take(context, items, () => undefined);
    this.refresher.refreshSoon();
  }

  @Handles(FrameworkUpdatedV1)
  async frameworksUpdated(items: FrameworkUpdated[], context: MessageContext): Promise<void> {
    await this.offers.take(context, items, (item) => this.model.applyFramework(item));
    this.refresher.refreshSoon();
  }

  @Handles(TaskLaunchedV1)
  async tasksLaunched(items: TaskLaunched[], context: MessageContext): Promise<void> {
    await this.offers.take(context, items, (item) => this.model.applyLaunch(item));
    this.refresher.refreshSoon();
  }

  @Handles(TaskUpdatedV1)
  async tasksUpdated(items: TaskUpdated[], context: MessageContext): Promise<void> {
    await this.offers.take(context, items, (item) => this.model.applyUpdate(item));
    this.refresher.refreshSoon();
  }

  @Handles(OffersChangedV1)
  async offersChanged(items: OffersChanged[], context: MessageContext): Promise<void> {
    await this.offers.take(context, items, (item) => this.model.applyOffer(item));
    this.refresher.refreshSoon();
  }

  @Handles(InverseOffersChangedV1)
  async inverseOffersChanged(items: InverseOffersChanged[], context: MessageContext): Promise<void> {
    await this.offers.take(context, items, (item) => this.answers.apply(item));
  }

  @Handles(OperationUpdatedV1)
  async operationsUpdated(items: OperationUpdated[], context: MessageContext): Promise<void> {
    await this.offers.take(context, items, (item) => this.model.operations.apply(item));
  }

  @Handles(AgentResourcesChangedV1)
  async agentResourcesChanged(items: AgentResourcesChanged[], context: MessageContext): Promise<void> {
    await this.offers.take(context, items, (item) => this.totals.execute(item));
    this.refresher.refreshSoon();
  }
}
