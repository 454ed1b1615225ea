import { OffersSnapshotV1, QuotaSnapshotV1, RegistrySnapshotV1 } from '@tranche/contracts';
import { type FollowerParts, followSource, type SourceFollower } from '@tranche/messaging';
import type { ApplyFacts } from './apply-facts.js';

/** The three services whose facts the allocator lives on. */
export class Sources {
  readonly registry: SourceFollower;
  readonly offers: SourceFollower;
  readonly quota: SourceFollower;

  constructor(apply: ApplyFacts, parts: FollowerParts) {
    this.registry = followSource(
      { contract: RegistrySnapshotV1, request: {}, replace: (snapshot) => apply.registrySnapshot(snapshot) },
      parts,
    );
    this.offers = followSource(
      {
        contract: OffersSnapshotV1,
        request: { withTasks: false },
        replace: (snapshot, partition) => apply.offersSnapshot(snapshot, partition),
      },
      parts,
    );
    this.quota = followSource(
      { contract: QuotaSnapshotV1, request: {}, replace: (snapshot) => apply.quotaSnapshot(snapshot) },
      parts,
    );
  }

  /** Weights first, then agents, then what is held on them. */
  get all(): readonly SourceFollower[] {
    return [this.quota, this.registry, this.offers];
  }
}
