import { Controller } from '@nestjs/common';
import {
  DrainAgentV1,
  type DrainAgent as DrainOrder,
  ShutdownAgentV1,
  type ShutdownAgent as ShutdownOrder,
} from '@tranche/contracts';
import { Handles } from '@tranche/messaging';
import { Rejoin } from '../registration/rejoin.js';
import { DrainAgent } from './drain-agent.js';

/** What operators order of this agent, by way of the registry. */
@Controller()
export class DrainingConsumer {
  constructor(
    private readonly drain: DrainAgent,
    private readonly membership: Rejoin,
  ) {}

  @Handles(DrainAgentV1)
  async drainAgent(items: DrainOrder[]): Promise<void> {
    for (const { isCancelled, ...terms } of items) {
      if (isCancelled === true) this.drain.giveUp();
      else await this.drain.begin(terms);
    }
  }

  /** The agent ends behind it: its queue goes with it. */
  @Handles(ShutdownAgentV1)
  async shutdownAgent(items: ShutdownOrder[]): Promise<void> {
    const [first] = items;
    if (first !== undefined) this.membership.end(first.reason);
  }
}
