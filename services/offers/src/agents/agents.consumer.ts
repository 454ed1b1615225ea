import { Controller, Inject } from '@nestjs/common';
import {
  type AgentRegistered,
  AgentRegisteredV1,
  type AgentStateChanged,
  AgentStateChangedV1,
  type AgentUnavailabilityChanged,
  AgentUnavailabilityChangedV1,
  type PlaceTaken,
  PlaceTakenV1,
} from '@tranche/contracts';
import { Handles, type MessageContext, SourceFollower } from '@tranche/messaging';
import type { Logger } from '@tranche/telemetry';
import type { OffersContext } from '../offers-context.js';
import { RecentMessages } from '../recent-messages.js';
import { LOGGER, OFFERS_CONTEXT } from '../tokens.js';
import { isReachable } from './agent.js';
import { changeAgentState } from './change-agent-state.js';
import { changeUnavailability } from './change-unavailability.js';
import { registerAgent } from './register-agent.js';

/** What the registry states of agents. */
@Controller()
export class AgentsConsumer {
  private readonly recent = new RecentMessages();

  constructor(
    @Inject(OFFERS_CONTEXT) private readonly context: OffersContext,
    @Inject(SourceFollower) private readonly registry: SourceFollower,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * What runs on an agent is told in its registration only, not in the registry's snapshot. So one that a snapshot contains is applied all
   * the same, unless that snapshot says that the agent was lost since.
   */
  @Handles(AgentRegisteredV1)
  async agentsRegistered(items: AgentRegistered[], context: MessageContext): Promise<void> {
    if (this.recent.isRepeated(context.messageId)) return;
    const isNews = await this.isNews(context);
    for (const item of items) {
      const known = this.context.state.agents.get(item.agent.agentId);
      if (isNews || known === undefined || isReachable(known)) registerAgent(this.context, item);
    }
  }

  /** A new life of the registry: a snapshot is due. */
  @Handles(PlaceTakenV1)
  async placesTaken(items: PlaceTaken[], context: MessageContext): Promise<void> {
    if (items.some(({ queue }) => this.registry.follows(queue))) await this.isNews(context);
  }

  @Handles(AgentStateChangedV1)
  async agentStatesChanged(items: AgentStateChanged[], context: MessageContext): Promise<void> {
    if (!(await this.isNews(context))) return;
    for (const item of items) changeAgentState(this.context, item);
  }

  @Handles(AgentUnavailabilityChangedV1)
  async unavailabilitiesChanged(items: AgentUnavailabilityChanged[], context: MessageContext): Promise<void> {
    if (!(await this.isNews(context))) return;
    for (const { agentId, unavailability } of items) changeUnavailability(this.context, agentId, unavailability);
  }

  /** A registry that does not answer is not waited for: what it has stated holds, and its next fact is a gap again. */
  private async isNews(context: MessageContext): Promise<boolean> {
    try {
      return (await this.registry.judge(context)) === 'apply';
    } catch (error) {
      this.logger.info('registry not reached, its next fact will be the beginning', { error });
      return true;
    }
  }
}
