import type { BulkWriter } from '@tranche/persistence';
import type { ClusterState } from '../cluster-state.js';
import { AllocationSchema } from './offers.schema.js';

/**
 * Remembers how far the allocator's decisions have been taken, so that after a restart the allocator can tell those which this service has
 * forgotten (offers do not outlive it) from those that are still on their way.
 */
export function rememberSeenAllocation(state: ClusterState, writer: Pick<BulkWriter, 'put'>): void {
  const { seenAllocation: seen } = state;
  if (seen !== undefined) writer.put(AllocationSchema, 'seen', { id: 'seen', seen });
}
