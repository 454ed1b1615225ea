import { Controller, Inject } from '@nestjs/common';
import { type AgentResourcesChanged, AgentResourcesChangedV1 } from '@tranche/contracts';
import { Handles } from '@tranche/messaging';
import type { OffersContext } from '../offers-context.js';
import { OFFERS_CONTEXT } from '../tokens.js';
import { takeChange } from './take-change.js';

/** What other partitions of this service state. Their shares in an agent's total replace what was heard of them before. */
@Controller()
export class SiblingsConsumer {
  constructor(@Inject(OFFERS_CONTEXT) private readonly context: OffersContext) {}

  @Handles(AgentResourcesChangedV1)
  async totalsChanged(items: AgentResourcesChanged[]): Promise<void> {
    for (const item of items) takeChange(this.context, item);
  }
}
