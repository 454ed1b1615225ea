import type { MakeOffers } from '@tranche/contracts';

/**
 * Which of the allocator's decisions count: those of the life of the allocator that last took a snapshot of what is held here, and that rest
 * on a snapshot of this life of `offers`.
 *
 * Each life of the allocator begins with a snapshot. What an earlier one has decided and is in that snapshot counts; what it still says afterwards, because
 * it was paused or its messages waited in the queue, is void: the newer one has no knowledge of it and gives the same resources to others. What was decided
 * on a snapshot of a former life of `offers` is void, too: with the snapshot of this one the allocator forgets it, whether the former has seen it or not.
 */
export class AllocatorFence {
  private current: string | undefined;

  /** @param ownLife this life of `offers` as it signs its messages, `offers/1f6c…` */
  constructor(private readonly ownLife: string) {}

  /** Somebody took a snapshot. @param source as it signs its messages, `allocator/1f6c…` */
  tookSnapshot(source: string): void {
    if (source.startsWith('allocator/')) this.current = source;
  }

  /** Before the first snapshot every life of the allocator is listened to: whatever it decides will be in it. */
  admits(source: string, { basis = this.ownLife }: Pick<MakeOffers, 'basis'> = {}): boolean {
    return basis === this.ownLife && (this.current === undefined || this.current === source);
  }
}
