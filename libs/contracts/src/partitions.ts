import { keyHash } from './key-hash.js';

/** One of the parts into which a service's work is cut by a key of each message, so that several replicas can share it. */
export interface Partition {
  /** 0 ≤ index < count. */
  readonly index: number;
  readonly count: number;
}

/** All of a service's work: that of one which is not cut. */
export const WHOLE: Partition = { index: 0, count: 1 };

/** Services whose work can be cut: `offers` by framework id. */
export const PARTITIONED = ['offers'] as const;
export type PartitionedService = (typeof PARTITIONED)[number];

/** Into how many parts the work of each service is cut; 1 where nothing is said. The same in all processes of a mesh. */
export type PartitionCounts = Readonly<Partial<Record<string, number>>>;

/**
 * Which partition a key belongs to, the same in every process and version.
 *
 * @param count at least 1
 * @returns 0 ≤ index < count
 */
export const partitionOf = (key: string, count: number): number => (count === 1 ? 0 : keyHash(key) % count);

/** Whether a key belongs to a partition. */
export const isIn = ({ index, count }: Partition, key: string): boolean => partitionOf(key, count) === index;

/** What operators ask of agents is of no framework: one partition keeps it all, by this key. */
const OPERATORS_KEY = '';

/** The queue of the partition of `offers` that keeps operators' operations. */
export function operatorsQueueOf(counts: PartitionCounts | undefined): string {
  return partitionQueueOf('offers', partitionOf(OPERATORS_KEY, counts?.offers ?? 1));
}

/** The queue of one partition of a service. The first has the service's own name, as if there were no others. */
export const partitionQueueOf = (service: string, index: number): string =>
  index === 0 ? service : `${service}.${index}`;

/** The queue that a sender works on: of `offers.1/4f6c…`, which is one of its lives, `offers.1`. */
export const queueOfSource = (source: string): string => source.slice(0, Math.max(0, source.lastIndexOf('/')));

/** All partitions of a service. */
export const partitionsOf = (count: number): Partition[] =>
  Array.from({ length: count }, (_, index) => ({ index, count }));
