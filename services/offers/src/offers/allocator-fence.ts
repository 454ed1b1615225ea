/**
 * Which life of the allocator is listened to: the one that last took a snapshot of what is held here.
 *
 * Each life begins with a snapshot. What an earlier one has decided and is in that snapshot counts; what it still says afterwards, because it was paused or
 * its messages waited in the queue, is void: the newer one has no knowledge of it and gives the same resources to others.
 */
export class AllocatorFence {
  private current: string | undefined;

  /** Somebody took a snapshot. @param source as it signs its messages, `allocator/1f6c…` */
  tookSnapshot(source: string): void {
    if (source.startsWith('allocator/')) this.current = source;
  }

  /** Before the first snapshot everybody is listened to: whatever is decided will be in it. */
  admits(source: string): boolean {
    return this.current === undefined || this.current === source;
  }
}
