import { type CommandContract, type PartitionCounts, partitionOf, partitionQueueOf } from '@tranche/contracts';

/**
 * Which items of a command go to which queue: when its owner's work is cut into partitions and the items were given to the owner as a
 * whole, each goes to the partition of its key. Items of one key keep their order.
 *
 * @param queue as the sender calls it
 */
export function spread<I>(
  contract: CommandContract<I>,
  queue: string,
  items: readonly I[],
  counts: PartitionCounts,
): readonly (readonly [queue: string, items: readonly I[]])[] {
  const count = queue === contract.owner ? (counts[queue] ?? 1) : 1;
  if (count === 1 || contract.keyOf === undefined) return [[queue, items]];
  const byQueue = new Map<string, I[]>();
  for (const item of items) {
    const target = partitionQueueOf(queue, partitionOf(contract.keyOf(item), count));
    const group = byQueue.get(target);
    if (group === undefined) byQueue.set(target, [item]);
    else group.push(item);
  }
  return [...byQueue];
}

/** @returns when all are sent; rejects with the first failure */
export const sentAll = (parts: readonly Promise<void>[]): Promise<void> =>
  parts.length === 1 && parts[0] !== undefined ? parts[0] : Promise.all(parts).then(() => undefined);
