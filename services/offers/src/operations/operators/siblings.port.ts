import type { YieldedResources, YieldResources } from '@tranche/contracts';

/** The other partitions of this service: none where it is not cut. */
export interface Siblings {
  /** Has each of them take back offers. @throws when one cannot be asked */
  yield(request: YieldResources): Promise<YieldedResources[]>;
}
