import { randomUUID } from 'node:crypto';
import { uuidToBase64 } from '@tranche/mesos-api';

/** New ids, in the form that Mesos clients know. */
export interface Ids {
  /** `<cluster id>-O<n>` */
  nextOfferId(): string;
  /** `<cluster id>-NNNN`, four digits or more */
  nextFrameworkId(): string;
  /** Base64 of the 16 bytes of a random UUID. */
  newOperationUuid(): string;
}

/** Counts up from 0 behind the cluster's id, which is new at each start. */
export class CountedIds implements Ids {
  private offers = 0;
  private frameworks = 0;

  constructor(private readonly clusterId: string) {}

  nextOfferId(): string {
    return `${this.clusterId}-O${this.offers++}`;
  }

  nextFrameworkId(): string {
    return `${this.clusterId}-${String(this.frameworks++).padStart(4, '0')}`;
  }

  newOperationUuid(): string {
    return uuidToBase64(randomUUID());
  }
}
