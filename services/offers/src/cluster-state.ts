import type { Partition } from '@tranche/contracts';
import type { AgentTable } from './agents/agent-table.js';
import type { AgentTotals } from './agents/agent-totals.js';
import type { FrameworkTable } from './frameworks/framework-table.js';
import type { InverseOfferTable } from './inverse-offers/inverse-offer-table.js';
import type { OfferTable } from './offers/offer-table.js';
import type { OperationTable } from './operations/operation-table.js';
import type { TaskTable } from './tasks/task-table.js';

/** Everything that this service knows, in memory. Use cases change it; nothing else does. */
export interface ClusterState {
  /** The frameworks that this one answers for. */
  readonly partition: Partition;
  readonly frameworks: FrameworkTable;
  readonly offers: OfferTable;
  readonly inverseOffers: InverseOfferTable;
  readonly tasks: TaskTable;
  readonly agents: AgentTable;
  readonly operations: OperationTable;
  readonly totals: AgentTotals;
  /** Last allocation that this life of the service has taken into account; undefined before the first. */
  seenAllocation?: { readonly epoch: string; readonly run: number };
}
