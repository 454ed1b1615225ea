import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ExpiryQueue } from './expiry-queue.js';

it('gives out what has ended in the order of the ends, whatever was dropped in between', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { size: 'max', maxLength: 60 }), fc.nat(50), (ends, now) => {
      const queue = new ExpiryQueue<{ endNs: number; number: number }>();
      ends.forEach((endNs, number) => queue.push({ endNs, number }));
      queue.retain(({ number }) => number % 3 !== 0);
      const given: number[] = [];
      for (let item = queue.popEnded(now); item !== undefined; item = queue.popEnded(now)) given.push(item.endNs);
      const kept = ends.filter((_, number) => number % 3 !== 0);
      expect(given).toEqual(kept.filter((end) => end <= now).toSorted((a, b) => a - b));
      expect(queue.size).toBe(kept.length - given.length);
    }),
  );
});
