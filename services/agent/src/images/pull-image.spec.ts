import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@tranche/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PullImage } from './pull-image.js';
import { parseReference } from './reference/image-reference.js';
import { ImageStore } from './store/image-store.fs.js';

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const LAYERS = Array.from({ length: 20 }, (_, index) => ({ digest: sha256(`layer ${index}`), size: 1 }));
const CONFIG = JSON.stringify({ rootfs: { diff_ids: LAYERS.map((_, index) => sha256(`content ${index}`)) } });
const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar';

describe('PullImage', () => {
  let folder: string;
  let server: Server;
  /** Of layers, not answered yet. */
  let waiting: ServerResponse[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-pull-'));
    waiting = [];
    const manifest = {
      schemaVersion: 2,
      config: { digest: sha256(CONFIG), size: CONFIG.length },
      layers: LAYERS.map((layer) => ({ ...layer, mediaType: LAYER_TYPE })),
    };
    server = createServer(({ url = '' }, response) => {
      if (url.includes('/manifests/')) response.end(JSON.stringify(manifest));
      else if (url.endsWith(sha256(CONFIG))) response.end(CONFIG);
      else waiting.push(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('fetches a few layers of an image at a time', async () => {
    const { store } = await ImageStore.open(join(folder, 'images'));
    const options = { platform: { os: 'linux', architecture: 'amd64' }, stallTimeoutMs: 60_000, attempts: 1 };
    const puller = new PullImage(store, { ...options, clock: new FakeClock() });
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const reference = parseReference(`${address}/x:1`, { defaultRegistry: `http://${address}`, insecure: [] });
    const stop = new AbortController();
    const pull = puller.pull(reference, undefined, stop.signal, () => undefined);
    pull.catch(() => undefined);
    await expect.poll(() => waiting.length).toBe(4);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(waiting).toHaveLength(4);
    waiting[0]?.writeHead(404).end();
    await expect(pull).rejects.toThrow('does not have the layer');
    await new Promise((resolve) => setTimeout(resolve, 50));
    // The others are not asked for any more.
    expect(waiting).toHaveLength(4);
  });
});
