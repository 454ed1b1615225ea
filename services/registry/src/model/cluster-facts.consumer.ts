import { Controller } from '@nestjs/common';
import {
  type FrameworkUpdated,
  FrameworkUpdatedV1,
  type InverseOffersChanged,
  InverseOffersChangedV1,
  type OffersChanged,
  OffersChangedV1,
  type TaskLaunched,
  TaskLaunchedV1,
  type TaskUpdated,
  TaskUpdatedV1,
} from '@tranche/contracts';
import { Handles, type MessageContext, SourceFollower } from '@tranche/messaging';
import { InverseOfferAnswers } from '../maintenance/inverse-offer-answers.js';
import { DocumentRefresher } from '../documents/document-refresher.js';
import { ClusterModel } from './cluster-model.js';

/** What `offers` states of frameworks, tasks and offers, into the read model. */
@Controller()
export class ClusterFactsConsumer {
  constructor(
    private readonly model: ClusterModel,
    private readonly offers: SourceFollower,
    private readonly refresher: DocumentRefresher,
    private readonly answers: InverseOfferAnswers,
  ) {}

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
}
