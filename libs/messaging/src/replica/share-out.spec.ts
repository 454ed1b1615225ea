import { describe, expect, it } from 'vitest';
import { type Share, surplusOf } from './share-out.js';

const share = (replicaId: string, ...owned: number[]): Share => ({ replicaId, owned });

describe('surplusOf', () => {
  it.each<[string, Share, Share[], number | undefined]>([
    ['waits while one that has died is still heard', share('a', 0, 1, 2, 3), [share('b', 2, 3)], undefined],
    ['keeps everything while it is alone', share('a', 0, 1, 2, 3), [], undefined],
    ['gives one to a replica that has none', share('a', 0, 1, 2, 3), [share('b')], 3],
    ['stops when the shares are equal', share('a', 0, 1), [share('b', 2, 3)], undefined],
    ['stops when they cannot be more equal', share('a', 0, 1, 2), [share('b', 3, 4)], undefined],
    ['leaves it to who has more', share('a', 0, 1), [share('b', 2, 3, 4), share('c')], undefined],
    ['leaves it to the first of those with most', share('b', 0, 1), [share('a', 2, 3), share('c')], undefined],
    ['waits while a partition has no owner', share('a', 0, 1, 2), [share('b')], undefined],
  ])('%s', (what, own, others, expected) => {
    const { size } = new Set([own, ...others].flatMap((one) => one.owned));
    expect(surplusOf(own, others, what.includes('no owner') ? size + 1 : size)).toBe(expected);
  });

  it('comes to even shares, whoever the broker gives a partition to', () => {
    let shares = [share('a', 0, 1, 2, 3, 4, 5, 6, 7), share('b'), share('c')];
    // A line for each partition: who gives one up goes to its end.
    const lines = Array.from({ length: 8 }, () => ['b', 'c', 'a']);
    let moves = 0;
    for (; moves < 40; moves++) {
      const giver = shares.find(
        (one) =>
          surplusOf(
            one,
            shares.filter((other) => other !== one),
            8,
          ) !== undefined,
      );
      if (giver === undefined) break;
      const index =
        surplusOf(
          giver,
          shares.filter((other) => other !== giver),
          8,
        ) ?? -1;
      const line = lines[index] as string[];
      const taker = line.shift() as string;
      line.splice(line.indexOf(giver.replicaId), 1);
      line.push(giver.replicaId);
      shares = shares.map(({ replicaId, owned }) => ({
        replicaId,
        owned: [...owned.filter((one) => one !== index), ...(replicaId === taker ? [index] : [])],
      }));
    }
    expect(shares.map(({ owned }) => owned.length).toSorted((a, b) => a - b)).toEqual([2, 3, 3]);
    expect(moves).toBeLessThan(20);
  });
});
