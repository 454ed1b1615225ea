import type { Authorizer } from '@tranche/config';
import type { MasterInfo } from '@tranche/mesos-api';
import type { TimerClock } from '@tranche/telemetry';
import type { AgentCommands } from './agents/agent-commands.port.js';
import type { Changes } from './changes/changes.port.js';
import type { ClusterState } from './cluster-state.js';
import type { Ids } from './ids.port.js';
import type { Allocator } from './offers/allocator.port.js';

/** Plain values that use cases go by. */
export interface OffersSettings {
  /** An offer unanswered for this long is rescinded; 0: never. */
  readonly offerTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** Least time that frameworks have to come back after a restart of this service. */
  readonly recoveryGraceMs: number;
  /** As whom the cluster introduces itself to schedulers. */
  readonly masterInfo: MasterInfo;
}

/**
 * What use cases work with. Each says which of these it needs: `Pick<OffersContext, 'state' | 'allocator'>`.
 */
export interface OffersContext {
  readonly state: ClusterState;
  readonly allocator: Allocator;
  readonly agents: AgentCommands;
  readonly changes: Changes;
  readonly clock: TimerClock;
  readonly ids: Ids;
  readonly settings: OffersSettings;
  /** Decides what frameworks may do, by their principals. */
  readonly authorizer: Authorizer;
}
