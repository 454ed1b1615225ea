import { describe, expect, it } from 'vitest';
import { type CacheFill, FetchCache } from './fetch-cache.js';

/** A source of one size, and the disk that it is downloaded to. */
function world(capacityBytes: number) {
  const disk = new Map<string, number>();
  const downloads: string[] = [];
  const cache = new FetchCache({
    capacityBytes,
    pathFor: async (user, serial, uri) => `${user}/c${serial}-${uri}`,
    remove: (file) => void disk.delete(file),
  });
  const fill = (size: number | undefined, more: Partial<CacheFill> & { gives?: number } = {}): CacheFill => ({
    sizeOf: async () => size,
    download: async (file) => {
      downloads.push(file);
      const sizeBytes = more.gives ?? size ?? 0;
      disk.set(file, sizeBytes);
      return { sizeBytes, sha256: 'x' };
    },
    isIntact: async (file, { sizeBytes }) => disk.get(file) === sizeBytes,
    ...more,
  });
  return { cache, disk, downloads, fill };
}

describe('FetchCache', () => {
  it('gives the same file to everybody who asks for the same URI as the same user', async () => {
    const { cache, downloads, fill } = world(100);
    const first = await cache.obtain('u', 'a', fill(10));
    expect(await cache.obtain('u', 'a', fill(10))).toMatchObject({ file: first?.file });
    expect((await cache.obtain('v', 'a', fill(10)))?.file).toBe('v/c2-a');
    expect(downloads).toEqual(['u/c1-a', 'v/c2-a']);
    expect(cache.usedBytes).toBe(20);
  });

  it('lets those who ask while it is downloaded wait for that download', async () => {
    const { cache, downloads, fill } = world(100);
    const files = await Promise.all([1, 2, 3].map(() => cache.obtain('u', 'a', fill(10))));
    expect(new Set(files.map((file) => file?.file)).size).toBe(1);
    expect(downloads).toHaveLength(1);
  });

  it('lets the next in line try when a download fails, and fails the first alone', async () => {
    const { cache, fill, downloads } = world(100);
    const failing = fill(10, { download: async () => Promise.reject(new Error('HTTP 500')) });
    const first = cache.obtain('u', 'a', failing);
    const second = cache.obtain('u', 'a', fill(10));
    await expect(first).rejects.toThrow('HTTP 500');
    expect(await second).toBeDefined();
    expect(downloads).toHaveLength(1);
    expect(cache.usedBytes).toBe(10);
  });

  it('makes room by removing what was used longest ago', async () => {
    const { cache, disk, fill } = world(30);
    for (const uri of ['a', 'b', 'c', 'a']) (await cache.obtain('u', uri, fill(10)))?.release();
    (await cache.obtain('u', 'd', fill(10)))?.release();
    expect([...disk.keys()]).toEqual(['u/c1-a', 'u/c3-c', 'u/c4-d']);
    expect(cache.usedBytes).toBe(30);
  });

  it('removes nothing that is in use, and leaves to the caller what does not fit beside it', async () => {
    const { cache, disk, fill } = world(30);
    const held = await cache.obtain('u', 'a', fill(20));
    expect(await cache.obtain('u', 'b', fill(20))).toBeUndefined();
    expect(await cache.obtain('u', 'big', fill(31))).toBeUndefined();
    expect([...disk.keys()]).toEqual(['u/c1-a']);
    held?.release();
    expect(await cache.obtain('u', 'b', fill(20))).toBeDefined();
    expect([...disk.keys()]).toEqual(['u/c2-b']);
  });

  it('removes nothing for something that is too large in any case', async () => {
    const { cache, disk, fill } = world(30);
    (await cache.obtain('u', 'a', fill(20)))?.release();
    expect(await cache.obtain('u', 'big', fill(31))).toBeUndefined();
    expect([...disk.keys()]).toEqual(['u/c1-a']);
  });

  it('leaves to the caller what has no size', async () => {
    const { cache, fill, downloads } = world(30);
    expect(await cache.obtain('u', 'a', fill(undefined))).toBeUndefined();
    expect(await cache.obtain('u', 'a', fill(0))).toBeUndefined();
    expect(downloads).toEqual([]);
  });

  it('downloads again what is not as it was', async () => {
    const { cache, disk, fill, downloads } = world(30);
    (await cache.obtain('u', 'a', fill(10)))?.release();
    disk.set('u/c1-a', 9);
    expect((await cache.obtain('u', 'a', fill(10)))?.file).toBe('u/c2-a');
    expect(downloads).toHaveLength(2);
    expect([...disk.keys()]).toEqual(['u/c2-a']);
    expect(cache.usedBytes).toBe(10);
  });

  it('counts what a source really gave, and keeps no more than fits once nobody uses it', async () => {
    const { cache, disk, fill } = world(30);
    const first = await cache.obtain('u', 'a', fill(10, { gives: 40 }));
    expect(cache.usedBytes).toBe(40);
    expect(disk.size).toBe(1);
    first?.release();
    expect(cache.usedBytes).toBe(0);
    expect(disk.size).toBe(0);
  });
});
