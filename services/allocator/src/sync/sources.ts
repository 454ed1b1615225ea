import { OffersSnapshotV1, QuotaSnapshotV1, queueOf, RegistrySnapshotV1 } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { Logger } from '@tranche/telemetry';
import type { ApplyFacts } from './apply-facts.js';
import { SourceFollower } from './source-follower.js';

/** A snapshot of a large cluster takes its source a while. */
const options = { timeoutMs: 30_000 };

/** The three services whose facts the allocator lives on. */
export class Sources {
  readonly registry: SourceFollower;
  readonly offers: SourceFollower;
  readonly quota: SourceFollower;

  constructor(bus: Pick<MessageBus, 'ask'>, apply: ApplyFacts, logger: Logger) {
    const takeRegistry = async () => {
      const snapshot = await bus.ask(RegistrySnapshotV1, queueOf('registry'), {}, options);
      apply.registrySnapshot(snapshot);
      return snapshot.asOf;
    };
    const takeOffers = async () => {
      const snapshot = await bus.ask(OffersSnapshotV1, queueOf('offers'), { withTasks: false }, options);
      apply.offersSnapshot(snapshot);
      return snapshot.asOf;
    };
    const takeQuota = async () => {
      const snapshot = await bus.ask(QuotaSnapshotV1, queueOf('quota'), {}, options);
      apply.quotaSnapshot(snapshot);
      return snapshot.asOf;
    };
    this.registry = new SourceFollower('registry', takeRegistry, logger);
    this.offers = new SourceFollower('offers', takeOffers, logger);
    this.quota = new SourceFollower('quota', takeQuota, logger);
  }

  /** Weights first, then agents, then what is held on them. */
  get all(): readonly SourceFollower[] {
    return [this.quota, this.registry, this.offers];
  }
}
