import { describe, expect, it } from 'vitest';
import { AllocatorFence } from './allocator-fence.js';

describe('AllocatorFence', () => {
  it('listens to everybody before the first snapshot', () => {
    expect(new AllocatorFence().admits('allocator/a')).toBe(true);
  });

  it('listens to the life alone that took the last snapshot', () => {
    const fence = new AllocatorFence();
    fence.tookSnapshot('allocator/a');
    fence.tookSnapshot('allocator/b');
    expect(['allocator/a', 'allocator/b'].map((source) => fence.admits(source))).toEqual([false, true]);
  });

  it('is not moved by snapshots of others', () => {
    const fence = new AllocatorFence();
    fence.tookSnapshot('allocator/a');
    fence.tookSnapshot('registry/r');
    expect(fence.admits('allocator/a')).toBe(true);
  });
});
