import type { OfferRecord } from '@tranche/contracts';
import type { Resource } from '@tranche/mesos-api';

/** An outstanding offer. */
export interface Offer {
  readonly record: OfferRecord;
  /** What it holds, as the allocator gave it: v1 documents, post-refinement, without `allocation_info`. */
  readonly held: readonly Resource[];
}
