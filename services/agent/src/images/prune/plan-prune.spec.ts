import { describe, expect, it } from 'vitest';
import type { StoredImage } from '../store/stored-image.js';
import { planPrune, type PruneScene } from './plan-prune.js';

const image = (name: string, ...layers: string[]): StoredImage => ({
  ...{ key: `hub/${name}`, name, digest: 'd', pulledAtMs: 0 },
  layers: layers.map((layer) => ({ diffId: `sha256:${layer}`, sizeBytes: 10 })),
  runtime: { env: [], entrypoint: [], cmd: [] },
});
const ONE = image('one', 'base', 'a');
const TWO = image('two', 'base', 'b');
const scene = (more: Partial<PruneScene> = {}): PruneScene => ({
  images: [ONE, TWO],
  layerSizes: new Map(['base', 'a', 'b', 'stray'].map((layer) => [layer, 10])),
  uses: [],
  folderOf: (path) => path.replace('/', ''),
  isHeld: () => false,
  isClaimed: () => false,
  ...more,
});
const plan = (given: PruneScene, unused = true, excluded: readonly string[] = []) => {
  const { images, layers, ...rest } = planPrune(given, { unused, excluded: new Set(excluded) });
  return { images: images.map(({ name }) => name), layers, ...rest };
};
const use = (name: string, ...layers: string[]) => ({ containerId: 'c', image: name, layers });

describe('planPrune', () => {
  it('removes images that nothing uses, and layers that no image has any more', () => {
    expect(plan(scene())).toEqual({
      images: ['one', 'two'],
      layers: ['base', 'a', 'b', 'stray'],
      ...{ freedBytes: 40, unused: 0 },
    });
  });

  it('removes only layers of no image unless it is asked for more', () => {
    expect(plan(scene(), false)).toEqual({ images: [], layers: ['stray'], freedBytes: 10, unused: 2 });
  });

  it('keeps what a container is made from, and the layers that another image shares with it', () => {
    expect(plan(scene({ uses: [use('one', '/a', '/base')] }))).toMatchObject({
      images: ['two'],
      layers: ['b', 'stray'],
    });
  });

  it('keeps an image whose layers a container has under a name of before, and layers whose image has gone', () => {
    expect(plan(scene({ uses: [use('older', '/a', '/base')] })).images).toEqual(['two']);
    expect(plan(scene({ images: [], uses: [use('one', '/a', '/base')] })).layers).toEqual(['b', 'stray']);
  });

  it('keeps what is excluded, what a container is being made from, and what a pull needs', () => {
    expect(plan(scene(), true, ['hub/one'])).toMatchObject({ images: ['two'], layers: ['b', 'stray'], unused: 1 });
    expect(plan(scene({ isHeld: (key) => key === 'hub/two' }))).toMatchObject({ images: ['one'], unused: 0 });
    expect(plan(scene({ isClaimed: (layer) => layer === 'stray' })).layers).toEqual(['base', 'a', 'b']);
  });
});
