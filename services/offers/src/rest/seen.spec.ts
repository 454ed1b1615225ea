import { describe, expect, it } from 'vitest';
import { readAllSeen, readSeen } from './seen.js';

/** A history of numbers, each its own place. */
function historyOf(count: number) {
  const reads: number[] = [];
  const read = async ({ after, limit }: { after?: { rank: number; key: string } | undefined; limit: number }) => {
    reads.push(limit);
    const from = after === undefined ? 0 : after.rank + 1;
    return Array.from({ length: Math.max(0, Math.min(limit, count - from)) }, (_, at) => from + at);
  };
  return { read, reads };
}
const placeOf = (row: number) => ({ rank: row, key: String(row) });
const every = (nth: number) => (row: number) => row % nth === 0;

describe('readSeen', () => {
  it('reads what the page wants, once, for who may see everything', async () => {
    const { read, reads } = historyOf(5_000);
    expect(await readSeen(read, { limit: 3 }, undefined, placeOf)).toEqual([0, 1, 2]);
    expect(reads).toEqual([3]);
  });

  it('reads on until there is as much as the page wants of what may be seen', async () => {
    const { read, reads } = historyOf(5_000);
    expect(await readSeen(read, { limit: 3 }, every(700), placeOf)).toEqual([0, 700, 1400]);
    expect(reads).toEqual([500, 500, 500]);
    expect(await readSeen(read, { limit: 2, after: placeOf(700) }, every(700), placeOf)).toEqual([1400, 2100]);
  });

  it('ends where the history does', async () => {
    const { read } = historyOf(1_000);
    expect(await readSeen(read, { limit: 9 }, every(700), placeOf)).toEqual([0, 700]);
    expect(await readSeen(read, { limit: 9 }, () => false, placeOf)).toEqual([]);
  });
});

describe('readAllSeen', () => {
  it('is not bound to the page', async () => {
    const { read } = historyOf(2_001);
    expect(await readAllSeen(read, { limit: 1, after: placeOf(1_900) }, every(1_000), placeOf)).toEqual([
      0, 1_000, 2_000,
    ]);
  });
});
