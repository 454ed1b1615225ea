import { Controller } from '@nestjs/common';
import {
  type AgentRegistered,
  AgentRegisteredV1,
  type AgentResourcesChanged,
  AgentResourcesChangedV1,
  type AgentStateChanged,
  AgentStateChangedV1,
  type FrameworkUpdated,
  FrameworkUpdatedV1,
  type MarkStated,
  MarkStatedV1,
  type OffersChanged,
  OffersChangedV1,
  type PlaceTaken,
  PlaceTakenV1,
  type TaskLaunched,
  TaskLaunchedV1,
  type TaskUpdated,
  TaskUpdatedV1,
} from '@tranche/contracts';
import { Handles, type MessageContext } from '@tranche/messaging';
import { AgentResources } from '../reservations/agent-resources.js';
import { MarksBus } from './marks.bus.js';
import { RoleUsage } from './role-usage.js';
import { UsageSources } from './usage-sources.js';

/** What `offers` and `registry` state, into the roles' usage. */
@Controller()
export class UsageConsumer {
  constructor(
    private readonly usage: RoleUsage,
    private readonly sources: UsageSources,
    private readonly agents: AgentResources,
    private readonly marks: MarksBus,
  ) {}

  /** A new life of a source: what the one before has said is void, so a snapshot is due. */
  @Handles(PlaceTakenV1)
  async placesTaken(items: PlaceTaken[], context: MessageContext): Promise<void> {
    const source = this.sources.all.find((one) => items.some(({ queue }) => one.follows(queue)));
    await source?.take(context, items, () => undefined);
  }

  @Handles(FrameworkUpdatedV1)
  frameworksUpdated(items: FrameworkUpdated[], context: MessageContext): Promise<void> {
    return this.sources.offers.take(context, items, (item) => this.usage.applyFramework(item));
  }

  @Handles(TaskLaunchedV1)
  tasksLaunched(items: TaskLaunched[], context: MessageContext): Promise<void> {
    return this.sources.offers.take(context, items, (item) => this.usage.applyLaunch(item));
  }

  @Handles(TaskUpdatedV1)
  tasksUpdated(items: TaskUpdated[], context: MessageContext): Promise<void> {
    return this.sources.offers.take(context, items, (item) => this.usage.applyUpdate(item));
  }

  @Handles(OffersChangedV1)
  offersChanged(items: OffersChanged[], context: MessageContext): Promise<void> {
    return this.sources.offers.take(context, items, (item) => this.usage.applyOffer(item));
  }

  @Handles(AgentRegisteredV1)
  agentsRegistered(items: AgentRegistered[], context: MessageContext): Promise<void> {
    return this.sources.registry.take(context, items, ({ agent }) => this.agents.registered(agent));
  }

  @Handles(AgentStateChangedV1)
  agentsChanged(items: AgentStateChanged[], context: MessageContext): Promise<void> {
    return this.sources.registry.take(context, items, (item) => this.agents.stateChanged(item));
  }

  /** Operations change what agents have before the agents do. */
  @Handles(AgentResourcesChangedV1)
  resourcesChanged(items: AgentResourcesChanged[], context: MessageContext): Promise<void> {
    return this.sources.offers.take(context, items, (item) => this.agents.changed(item));
  }

  /** Also when a snapshot was due first, and contains it: what was done before it is known then. */
  @Handles(MarkStatedV1)
  async marksStated(items: MarkStated[], context: MessageContext): Promise<void> {
    await this.sources.offers.judge(context);
    for (const item of items) this.marks.stated(item);
  }
}
