import { randomUUID } from 'node:crypto';
import { isIn, type Partition, WHOLE } from '@tranche/contracts';
import { uuidToBase64 } from '@tranche/mesos-api';

/** New ids, in the form that Mesos clients know. Each belongs to the partition that gives it, so that it tells its owner. */
export interface Ids {
  /** `<cluster id>-O<n>` */
  nextOfferId(): string;
  /** `<cluster id>-NNNN`, four digits or more */
  nextFrameworkId(): string;
  /** Of an event stream: a UUID. */
  newStreamId(): string;
  /** Base64 of the 16 bytes of a random UUID. */
  newOperationUuid(): string;
}

/** Counts up from 0 behind the cluster's id, which is new at each start. */
export class CountedIds implements Ids {
  private offers = 0;
  private frameworks = 0;

  constructor(
    private readonly clusterId: string,
    private readonly partition: Partition = WHOLE,
  ) {}

  nextOfferId(): string {
    return this.ownOf(() => `${this.clusterId}-O${this.offers++}`);
  }

  nextFrameworkId(): string {
    return this.ownOf(() => `${this.clusterId}-${String(this.frameworks++).padStart(4, '0')}`);
  }

  newStreamId(): string {
    return this.ownOf(randomUUID);
  }

  newOperationUuid(): string {
    return uuidToBase64(randomUUID());
  }

  /** The first of the ids that is ours: all partitions count alike, and each id belongs to one of them. */
  private ownOf(next: () => string): string {
    let id = next();
    while (!isIn(this.partition, id)) id = next();
    return id;
  }
}
