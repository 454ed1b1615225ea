import type { ContainerInfo } from '@tranche/mesos-api';
import { silentLogger } from '@tranche/telemetry';
import { describe, expect, it } from 'vitest';
import { settled } from '../testing/settled.js';
import type { LeasedImage } from './images.js';
import { provideImages } from './provide-images.js';

const runtime = { env: [], entrypoint: [], cmd: [] };

/** Images that come when they are told to; the container has so many volumes of them. */
function world(volumes: number) {
  const asked: { name: string; give: () => void; refuse: () => void }[] = [];
  const released: string[] = [];
  const provide = provideImages({
    images: {
      obtain: ({ image: { docker }, signal }) =>
        new Promise<LeasedImage>((resolve, reject) => {
          signal?.throwIfAborted();
          const name = docker?.name ?? '';
          const image = { key: name, name, digest: 'd', layers: [], runtime, pulledAtMs: 0 };
          const lease = { image, layers: [`/${name}`], release: () => void released.push(name) };
          signal?.addEventListener('abort', () => reject(signal.reason as Error));
          asked.push({ name, give: () => resolve(lease), refuse: () => reject(new Error(`no ${name}`)) });
        }),
    },
    ...{ containerizer: {}, live: { signalOf: () => new AbortController().signal }, logger: silentLogger },
    launches: { outside: (wait) => wait() },
  });
  const container: ContainerInfo = {
    type: 'MESOS',
    volumes: Array.from({ length: volumes }, (_, index) => ({
      ...{ mode: 'RO', container_path: `v${index}`, image: { type: 'DOCKER', docker: { name: `x${index}` } } },
    })),
  };
  return { asked, released, provided: provide({ containerId: 'c1', container }) };
}

describe('provideImages', () => {
  it('asks for a few at a time, and gives each volume its own', async () => {
    const { asked, provided } = world(10);
    for (let given = 0; given < 10; given++) {
      await settled();
      expect(asked).toHaveLength(Math.min(10, given + 4));
      asked[given]?.give();
    }
    const volumes = (await provided)?.volumes.map(({ containerPath, layers }) => [containerPath, ...(layers ?? [])]);
    expect(volumes?.slice(0, 2)).toEqual([
      ['v0', '/x0'],
      ['v1', '/x1'],
    ]);
    expect(volumes).toHaveLength(10);
  });

  it('releases what it has when one cannot be had, and asks for no more', async () => {
    const { asked, released, provided } = world(10);
    provided.catch(() => undefined);
    await settled();
    asked[0]?.give();
    asked[1]?.refuse();
    await expect(provided).rejects.toThrow('no x1');
    expect(released).toEqual(['x0']);
    expect(asked).toHaveLength(4);
  });
});
