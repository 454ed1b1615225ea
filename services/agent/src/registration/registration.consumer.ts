import { Controller } from '@nestjs/common';
import { type ReregisterAgent, ReregisterAgentV1 } from '@tranche/contracts';
import { Handles, type MessageContext } from '@tranche/messaging';
import { Rejoin } from './rejoin.js';

/** What the agent is told of its place in the cluster. */
@Controller()
export class RegistrationConsumer {
  constructor(private readonly rejoin: Rejoin) {}

  /** Registering takes a question and an answer; the queue does not wait for it. */
  @Handles(ReregisterAgentV1)
  async reregister(items: ReregisterAgent[], { source }: MessageContext): Promise<void> {
    const [first] = items;
    if (first !== undefined) this.rejoin.begin({ why: first.reason, source });
  }
}
