import { describe, expect, it } from 'vitest';
import { AllocatorFence } from './allocator-fence.js';

const OWN = 'offers/2';

describe('AllocatorFence', () => {
  it('listens to everybody before the first snapshot', () => {
    expect(new AllocatorFence(OWN).admits('allocator/a', { basis: OWN })).toBe(true);
  });

  it('listens to the life alone that took the last snapshot', () => {
    const fence = new AllocatorFence(OWN);
    fence.tookSnapshot('allocator/a');
    fence.tookSnapshot('allocator/b');
    const admits = (source: string) => fence.admits(source, { basis: OWN });
    expect(['allocator/a', 'allocator/b'].map(admits)).toEqual([false, true]);
  });

  it('is not moved by snapshots of others', () => {
    const fence = new AllocatorFence(OWN);
    fence.tookSnapshot('allocator/a');
    fence.tookSnapshot('registry/r');
    expect(fence.admits('allocator/a', { basis: OWN })).toBe(true);
  });

  it.each([
    ['a former life of offers', 'offers/1', false],
    ['this life', OWN, true],
    ['nobody says what, by an allocator of an older version', undefined, true],
  ])('says whether a decision counts that rests on %s', (_what, basis, isAdmitted) => {
    const fence = new AllocatorFence(OWN);
    fence.tookSnapshot('allocator/a');
    expect(fence.admits('allocator/a', basis === undefined ? {} : { basis })).toBe(isAdmitted);
  });
});
