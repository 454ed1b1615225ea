/**
 * Marks that go through the other services and come back among the facts of `offers`: what was sent before a mark has been done, and what was
 * done before it is known here.
 */
export interface Marks {
  /** Use and offers are known here as they were at `offers` after this was called. Best effort: a service that is away is not waited for long. */
  throughOffers(): Promise<void>;
  /** Besides, the allocator goes by what was stated to it before, and what it had decided until then is known here. Best effort as above. */
  throughAllocator(): Promise<void>;
}
