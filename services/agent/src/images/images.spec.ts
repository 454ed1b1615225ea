import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, silentLogger } from '@tranche/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Images } from './images.js';
import { PruneImages } from './prune/prune-images.js';
import { ImageStore } from './store/image-store.fs.js';

const diffId = (byte: string) => `sha256:${byte.repeat(32)}`;
const [A, B, EMPTY] = [diffId('aa'), diffId('bb'), diffId('ee')];

describe('Images', () => {
  let folder: string;
  let store: ImageStore;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-images-'));
    ({ store } = await ImageStore.open(join(folder, 'images')));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Each pull finds the next layers under the name. */
  const imagesOf = (...pulls: string[][]) =>
    new Images(
      store,
      {
        pull: async ({ key, name }) => {
          const layers = (pulls.shift() ?? []).map((id) => ({ diffId: id, sizeBytes: 1 }));
          for (const layer of layers) {
            const staged = await store.stage();
            mkdirSync(join(staged, 'layer/files'), { recursive: true });
            await store.addLayer(layer, join(staged, 'layer'));
          }
          const runtime = { env: [], entrypoint: [], cmd: [] };
          const image = { key, name, digest: 'd', layers, runtime, pulledAtMs: 0 };
          await store.addImage(image);
          return { image, pulledBytes: 0, cachedLayers: 0 };
        },
      },
      {
        rules: { defaultRegistry: 'https://hub', insecure: [] },
        ...{ credentials: new Map(), clock: new FakeClock(), onPulled: () => undefined },
      },
    );
  const wish = (cached = true) => ({ image: { type: 'DOCKER', cached, docker: { name: 'x:1' } } }) as const;

  it('gives the folders of the layers, the topmost first, and one that is there twice at its upper place', async () => {
    const { layers } = await imagesOf([EMPTY, A, EMPTY, B]).obtain(wish());
    expect(layers).toEqual([B, EMPTY, A].map((id) => store.pathOf(id)));
  });

  it('keeps the layers that it has given away while their name comes to mean others, until they are released', async () => {
    const images = imagesOf([A], [B]);
    const pruner = new PruneImages(images, async () => [], { excluded: [], logger: silentLogger });
    const left = async () => {
      await pruner.prune({ unused: true });
      return [A, B].filter((id) => store.layer(id) !== undefined);
    };
    const first = await images.obtain(wish());
    const second = await images.obtain(wish(false));
    second.release();
    expect(await left()).toEqual([A, B]);
    const third = await images.obtain(wish());
    expect(third.layers).toEqual([store.pathOf(B)]);
    first.release();
    first.release();
    expect(await left()).toEqual([B]);
    third.release();
    expect(await left()).toEqual([]);
  });
});
