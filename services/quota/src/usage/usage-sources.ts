import { OffersSnapshotV1, queueOf, RegistrySnapshotV1 } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { RoleUsage } from './role-usage.js';
import { SourceFollower } from './source-follower.js';

/** A snapshot of a large cluster takes its source a while. */
const SNAPSHOT = { timeoutMs: 30_000 };

/** The services whose facts tell who is in which role. */
export class UsageSources {
  readonly offers: SourceFollower;
  readonly registry: SourceFollower;

  constructor(usage: RoleUsage, bus: Pick<MessageBus, 'ask'>) {
    this.offers = new SourceFollower('offers', async () => {
      const snapshot = await bus.ask(OffersSnapshotV1, queueOf('offers'), { withTasks: true }, SNAPSHOT);
      usage.replaceOffers(snapshot);
      return snapshot.asOf;
    });
    this.registry = new SourceFollower('registry', async () => {
      const snapshot = await bus.ask(RegistrySnapshotV1, queueOf('registry'), {}, SNAPSHOT);
      usage.replaceAgents(snapshot.agents);
      return snapshot.asOf;
    });
  }

  get all(): readonly SourceFollower[] {
    return [this.offers, this.registry];
  }
}
