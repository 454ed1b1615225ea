import { describe, expect, it } from 'vitest';
import { countSeen, readSeen } from './seen.js';

interface Window {
  readonly after?: { readonly rank: number; readonly key: string } | undefined;
  readonly limit: number;
  readonly sort?: unknown;
}

/** A history of numbers, each its own place. */
function historyOf(count: number) {
  const reads: number[] = [];
  const sorts: unknown[] = [];
  const read = async ({ after, limit, sort }: Window) => {
    reads.push(limit);
    sorts.push(sort);
    const from = after === undefined ? 0 : after.rank + 1;
    return Array.from({ length: Math.max(0, Math.min(limit, count - from)) }, (_, at) => from + at);
  };
  return { read, reads, sorts };
}
const placeOf = (row: number) => ({ rank: row, key: String(row) });
const every = (nth: number) => (row: number) => row % nth === 0;

describe('readSeen', () => {
  it('reads what the page wants, once, for who may see everything', async () => {
    const { read, reads } = historyOf(5_000);
    expect(await readSeen(read, { limit: 3 }, undefined, placeOf)).toEqual({ rows: [0, 1, 2] });
    expect(reads).toEqual([3]);
  });

  it('reads on until there is as much as the page wants of what may be seen', async () => {
    const { read, reads } = historyOf(5_000);
    expect(await readSeen(read, { limit: 3 }, every(700), placeOf)).toEqual({ rows: [0, 700, 1400] });
    expect(reads).toEqual([500, 500, 500]);
    const next = await readSeen(read, { limit: 2, after: placeOf(700) }, every(700), placeOf);
    expect(next).toEqual({ rows: [1400, 2100] });
  });

  it('ends where the history does', async () => {
    const { read } = historyOf(1_000);
    expect(await readSeen(read, { limit: 9 }, every(700), placeOf)).toEqual({ rows: [0, 700] });
    expect(await readSeen(read, { limit: 9 }, () => false, placeOf)).toEqual({ rows: [] });
  });

  it('ends, and says where, when it has looked at so many rows that others want their turn', async () => {
    const { read, reads } = historyOf(50_000);
    const short = await readSeen(read, { limit: 9 }, every(700), placeOf, 1_000);
    expect(short).toEqual({ rows: [0, 700], upTo: placeOf(999) });
    expect(reads).toHaveLength(2);
    const next = await readSeen(read, { limit: 9, after: short.upTo }, every(700), placeOf, 1_000);
    expect(next).toEqual({ rows: [1400], upTo: placeOf(1_999) });
  });
});

describe('countSeen', () => {
  it('is not bound to the page, nor to its order', async () => {
    const { read, reads, sorts } = historyOf(2_001);
    const window = { limit: 1, after: placeOf(1_900), sort: { by: 'name' } };
    expect(await countSeen(read, window, every(1_000), placeOf)).toBe(3);
    expect(reads).toEqual([500, 500, 500, 500, 500]);
    expect(sorts).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('is unknown where more rows would have to be looked at than one count may', async () => {
    const { read, reads } = historyOf(5_000);
    expect(await countSeen(read, { limit: 1 }, every(1), placeOf, 1_999)).toBe('unknown');
    expect(reads).toHaveLength(4);
    expect(await countSeen(read, { limit: 1 }, every(1), placeOf, 5_000)).toBe(5_000);
  });

  it.each(['countSeen', 'readSeen'])('gives others a turn between pages: %s', async (reader) => {
    const { read, reads } = historyOf(2_000);
    let readBefore = 0;
    setImmediate(() => (readBefore = reads.length));
    if (reader === 'countSeen') await countSeen(read, { limit: 1 }, every(1), placeOf);
    else await readSeen(read, { limit: 2_000 }, every(1), placeOf);
    expect(readBefore).toBe(1);
  });
});
