import { queueOf, type RegistrySnapshot, RegistrySnapshotV1 } from '@tranche/contracts';
import { FactFollower, type FactVerdict, type MessageBus, type MessageContext } from '@tranche/messaging';
import type { Logger } from '@tranche/telemetry';
import type { OffersContext } from '../offers-context.js';
import { takeAgents } from './take-agents.js';

/** Follows the registry's facts by their numbers, and asks it for a snapshot when some are missing. */
export class AgentFollower {
  private readonly follower = new FactFollower();

  constructor(
    private readonly context: OffersContext,
    private readonly bus: Pick<MessageBus, 'ask'>,
    private readonly logger: Logger,
  ) {}

  /** Judges one message of facts. On a gap the registry's snapshot is taken first, so that what was missed is made good. */
  async take(context: MessageContext): Promise<FactVerdict> {
    const verdict = this.follower.take(context);
    if (verdict === 'gap') await this.catchUp();
    return verdict;
  }

  /** Takes what the registry knows now. A registry that does not answer is not waited for: its next fact is a gap again. */
  async catchUp(): Promise<void> {
    let snapshot: RegistrySnapshot;
    try {
      snapshot = await this.bus.ask(RegistrySnapshotV1, queueOf('registry'), {});
    } catch (error) {
      this.logger.info('registry not reached, its next fact will be the beginning', { error });
      return;
    }
    this.follower.startFrom(snapshot.asOf);
    takeAgents(this.context, snapshot.agents);
  }
}
