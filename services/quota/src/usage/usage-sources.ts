import { OffersSnapshotV1, RegistrySnapshotV1 } from '@tranche/contracts';
import { type FollowerParts, followSource, type SourceFollower } from '@tranche/messaging';
import type { AgentResources } from '../reservations/agent-resources.js';
import type { RoleUsage } from './role-usage.js';

/** The services whose facts tell who is in which role. */
export class UsageSources {
  readonly offers: SourceFollower;
  readonly registry: SourceFollower;

  constructor(usage: RoleUsage, agents: AgentResources, parts: FollowerParts) {
    this.offers = followSource(
      {
        contract: OffersSnapshotV1,
        request: { withTasks: true },
        replace: (snapshot, partition) => {
          usage.replaceOffers(snapshot, partition);
          agents.replaceTotals(snapshot);
        },
      },
      parts,
    );
    this.registry = followSource(
      { contract: RegistrySnapshotV1, request: {}, replace: (snapshot) => agents.replaceAgents(snapshot.agents) },
      parts,
    );
  }

  get all(): readonly SourceFollower[] {
    return [this.offers, this.registry];
  }
}
