import { describe, expect, it } from 'vitest';
import { StateMarkV1 } from './commands/state-mark.v1.js';
import { CONTRACTS } from './registry.js';
import { isIn, PARTITIONED, partitionOf, partitionQueueOf, partitionsOf, queueOfSource } from './partitions.js';

describe('partitions', () => {
  it.each([
    ['', 4, 3],
    ['framework', 1, 0],
    ['4b1f0c6e-5b3c-4c3e-9d0e-2f6f5a3b7c11-0000', 4, 2],
    ['4b1f0c6e-5b3c-4c3e-9d0e-2f6f5a3b7c11-0001', 4, 3],
    ['4b1f0c6e-5b3c-4c3e-9d0e-2f6f5a3b7c11-0002', 4, 1],
  ])('%j of %d belongs to %d, in every version', (key, count, index) => {
    expect(partitionOf(key, count)).toBe(index);
  });

  it('spread ids that differ in their number alone', () => {
    const shares = Array.from({ length: 8 }, () => 0);
    for (let number = 0; number < 8_000; number++) {
      const index = partitionOf(`C-${String(number).padStart(4, '0')}`, 8);
      shares[index] = (shares[index] ?? 0) + 1;
    }
    expect(Math.min(...shares)).toBeGreaterThan(850);
    expect(Math.max(...shares)).toBeLessThan(1_150);
  });

  it('have each key once', () => {
    for (const key of ['a', 'b', 'c']) expect(partitionsOf(5).filter((one) => isIn(one, key))).toHaveLength(1);
  });

  it('have queues, the first that of the service, and senders tell which they work on', () => {
    expect([partitionQueueOf('offers', 0), partitionQueueOf('offers', 2)]).toEqual(['offers', 'offers.2']);
    expect(queueOfSource('offers.2/4f6c')).toBe('offers.2');
  });

  it('get every command of their service by a key', () => {
    for (const service of PARTITIONED) {
      const commands = CONTRACTS.filter(({ kind, owner }) => kind === 'command' && owner === service);
      // A mark goes to each of them, at its own queue.
      expect(
        commands.filter((contract) => !('keyOf' in contract) && contract !== StateMarkV1).map(({ pattern }) => pattern),
      ).toEqual([]);
    }
  });
});
