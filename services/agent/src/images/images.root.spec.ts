import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Image } from '@tranche/mesos-api';
import { systemClock } from '@tranche/telemetry';
import { freePorts, ImageBuilder, imagesMissing, RegistryServer } from '@tranche/test-servers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Images } from './images.js';
import { PullImage } from './pull-image.js';
import { parseDockerConfig } from './reference/credentials.js';
import { platformOf } from './registry/manifest.js';
import { ImageStore } from './store/image-store.fs.js';

const docker = (name: string, more: Partial<Image> = {}): Image => ({ type: 'DOCKER', docker: { name }, ...more });

const missing = imagesMissing();

describe.skipIf(missing !== undefined)(
  `images, from a real registry${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let registry: RegistryServer;
    let builder: ImageBuilder;
    let folder: string;

    beforeAll(async () => {
      registry = await RegistryServer.start();
      builder = new ImageBuilder()
        .busybox()
        .layer((root) => {
          for (const name of ['kept', 'gone', 'hidden/a', 'hidden/b']) {
            mkdirSync(join(root, 'data/hidden'), { recursive: true });
            writeFileSync(join(root, 'data', name), `lower ${name}`);
          }
          writeFileSync(join(root, 'bin/setuid'), 'x');
          chmodSync(join(root, 'bin/setuid'), 0o4755);
          execFileSync('chown', ['12345:54321', join(root, 'data/kept')]);
        })
        .config(
          '--config.env',
          'A=b',
          '--config.workingdir',
          '/data',
          '--config.entrypoint',
          '/bin/cat',
          '--config.cmd',
          'kept',
        )
        .push(`${registry.host}/lib/one:1`)
        .push(`${registry.host}/lib/oci:1`, 'oci')
        .layer((root) => {
          rmSync(join(root, 'data/gone'));
          rmSync(join(root, 'data/hidden'), { recursive: true });
          mkdirSync(join(root, 'data/hidden'));
          writeFileSync(join(root, 'data/hidden/c'), 'upper');
        })
        .push(`${registry.host}/lib/two:1`);
    });

    afterAll(async () => {
      builder.remove();
      await registry.stop();
    });

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'tranche-images-'));
    });

    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const open = async (credentials = '', attempts = 1) => {
      const { store, findings } = await ImageStore.open(join(folder, 'images'));
      const options = { platform: platformOf(process.arch), stallTimeoutMs: 2_000, attempts, clock: systemClock };
      const pulls: boolean[] = [];
      const images = new Images(store, new PullImage(store, options), {
        rules: { defaultRegistry: `http://${registry.host}`, insecure: [] },
        credentials: parseDockerConfig(credentials) ?? new Map(),
        clock: systemClock,
        onPulled: (_, ok) => pulls.push(ok),
      });
      return { images, store, findings, pulls };
    };
    const contentOf = (layer: string | undefined, name: string) => readFileSync(join(layer ?? '', name), 'utf8');

    it.each(['lib/one:1', 'lib/oci:1'])('pulls %s, verified, unpacked as root sees it', async (name) => {
      const { images, pulls } = await open();
      const seen: number[] = [];
      const { image, layers } = await images.obtain({
        image: docker(name),
        onProgress: ({ doneBytes, totalBytes }) => seen.push(doneBytes / totalBytes),
      });
      expect(image.runtime).toMatchObject({
        env: expect.arrayContaining([['A', 'b']]),
        entrypoint: ['/bin/cat'],
        cmd: ['kept'],
      });
      expect(image.runtime.workingDirectory).toBe('/data');
      const [layer] = layers;
      expect(contentOf(layer, 'data/kept')).toBe('lower kept');
      expect(lstatSync(join(layer ?? '', 'data/kept'))).toMatchObject({ uid: 12_345, gid: 54_321 });
      expect(lstatSync(join(layer ?? '', 'bin/setuid')).mode & 0o7777).toBe(0o4755);
      expect(seen[0]).toBe(0);
      expect(seen.at(-1)).toBe(1);
      expect(pulls).toEqual([true]);
      expect(readdirSync(join(folder, 'images/pulling'))).toEqual([]);
      expect(lstatSync(join(folder, 'images')).mode & 0o777).toBe(0o700);
    });

    it('makes of whiteouts what overlayfs reads', async () => {
      const { images } = await open();
      const { layers } = await images.obtain({ image: docker('lib/two:1') });
      const [upper] = layers;
      expect(layers).toHaveLength(2);
      const gone = lstatSync(join(upper ?? '', 'data/gone'));
      expect({ isDevice: gone.isCharacterDevice(), device: gone.rdev }).toEqual({ isDevice: true, device: 0 });
      const merged = ['upper', 'work', 'merged'].map((name) => join(folder, name));
      for (const place of merged) mkdirSync(place);
      const options = `lowerdir=${layers.join(':')},upperdir=${merged[0]},workdir=${merged[1]}`;
      execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', options, merged[2] ?? '']);
      try {
        expect(readdirSync(join(merged[2] ?? '', 'data')).toSorted()).toEqual(['hidden', 'kept']);
        expect(readdirSync(join(merged[2] ?? '', 'data/hidden'))).toEqual(['c']);
      } finally {
        execFileSync('umount', [merged[2] ?? '']);
      }
    });

    it('makes a folder opaque that says so itself', async () => {
      const { layers } = await (await open()).images.obtain({ image: docker('lib/one:1') });
      const archive = execFileSync('sh', [
        '-c',
        'cd "$1" && mkdir d && touch d/.wh..wh..opq d/new && tar -c --no-recursion d d/.wh..wh..opq d/new',
        'sh',
        mkdtempSync(join(folder, 'archive-')),
      ]);
      const { unpackLayer } = await import('./store/unpack-layer.js');
      const [blob, files] = [join(folder, 'blob'), join(folder, 'files')];
      writeFileSync(blob, archive);
      mkdirSync(files);
      await unpackLayer(blob, files, new AbortController().signal);
      expect(
        execFileSync('getfattr', ['--only-values', '-n', 'trusted.overlay.opaque', join(files, 'd')], {
          encoding: 'utf8',
        }),
      ).toBe('y');
      expect(readdirSync(join(files, 'd'))).toEqual(['new']);
      expect(layers).toHaveLength(1);
    });

    it('takes what is there, shares layers between images, and asks again only when told to', async () => {
      const { images, store, pulls } = await open();
      await images.obtain({ image: docker('lib/one:1') });
      const first = store.bytes;
      await images.obtain({ image: docker('lib/one:1') });
      expect(pulls).toHaveLength(1);
      const two = await images.obtain({ image: docker('lib/two:1') });
      expect(store.layerSizes().size).toBe(2);
      expect(store.bytes - first).toBeLessThan(first / 10);
      await images.obtain({ image: docker('lib/one:1', { cached: false }) });
      expect(pulls).toEqual([true, true, true]);
      expect(two.image.digest).toMatch(/^sha256:/);
      const again = await open();
      expect(again.store.all().map(({ image }) => image.name)).toEqual(
        expect.arrayContaining(['lib/one:1', 'lib/two:1']),
      );
      const byDigest = await again.images.obtain({ image: docker(`lib/two@${two.image.digest}`) });
      expect(byDigest.layers).toEqual(two.layers);
    });

    it('pulls once what several want at the same time', async () => {
      const { images, pulls } = await open();
      const names = ['lib/two:1', 'lib/two:1', `${registry.host}/lib/two:1`, 'lib/one:1'];
      const found = await Promise.all(names.map((name) => images.obtain({ image: docker(name) })));
      expect(new Set(found.flatMap(({ layers }) => layers)).size).toBe(2);
      expect(pulls).toHaveLength(2);
    });

    it('forgets what a crash left half, and keeps whole layers', async () => {
      const { images } = await open();
      const { image, layers } = await images.obtain({ image: docker('lib/two:1') });
      mkdirSync(join(folder, 'images/pulling/half'));
      mkdirSync(join(folder, `images/layers/${'ab'.repeat(32)}/files`), { recursive: true });
      writeFileSync(join(folder, 'images/images/torn.json'), '{"key":');
      rmSync(join(layers[0] ?? '', '..'), { recursive: true });
      const { store, findings } = await open();
      expect(findings.join('\n')).toContain(
        `image lib/two:1 is forgotten: its layer ${image.layers[1]?.diffId} is missing`,
      );
      expect(findings.join('\n')).toContain('torn.json');
      expect(store.all()).toEqual([]);
      expect([...store.layerSizes().keys()]).toEqual([image.layers[0]?.diffId.slice('sha256:'.length)]);
      expect(readdirSync(join(folder, 'images/pulling'))).toEqual([]);
    });

    it('says what is wrong', async () => {
      const { images, pulls } = await open();
      const fault = (image: Image) =>
        images.obtain({ image }).then(
          () => 'none',
          (error: Error) => error.message,
        );
      expect(await fault(docker('lib/one:2'))).toBe(`http://${registry.host} does not have the manifest of lib/one:2`);
      const away = `127.0.0.1:${(await freePorts(1))[0]}`;
      expect(await fault(docker(`${away}/x`))).toBe(`http://${away} cannot be reached: connect ECONNREFUSED ${away}`);
      expect(await fault(docker('Up'))).toContain("'Up' is no name of an image");
      expect(await fault({ type: 'APPC' })).toBe('images of the type APPC are not supported');
      expect(pulls).toEqual([false, false]);
    });

    describe.each(['basic', 'token'] as const)('that wants a password (%s)', (auth) => {
      let closed: RegistryServer;

      beforeAll(async () => {
        closed = await RegistryServer.start(auth, join(registry.folder, 'storage'));
      });

      afterAll(() => closed.stop());

      it('gives images to who has it, from the agent or from the task', async () => {
        const name = `${closed.host}/lib/one:1`;
        const { images } = await open(closed.dockerConfig);
        expect((await images.obtain({ image: docker(name) })).layers).toHaveLength(1);
        const other = await open();
        const data = Buffer.from(closed.dockerConfig).toString('base64');
        const config = { type: 'VALUE', value: { data } } as const;
        const given = await other.images.obtain({ image: { type: 'DOCKER', cached: false, docker: { name, config } } });
        expect(given.layers).toHaveLength(1);
      });

      it('says who was refused', async () => {
        const name = `${closed.host}/lib/one:1`;
        await expect((await open()).images.obtain({ image: docker(name) })).rejects.toThrow(
          `does not give ${name} to nobody`,
        );
        const wrong = JSON.stringify({ [closed.host]: { username: 'you', password: 'x' } });
        await expect((await open(wrong)).images.obtain({ image: docker(name) })).rejects.toThrow(
          `does not give ${name} to user you`,
        );
      });
    });

    describe('over a bad connection', () => {
      let proxy: Server;
      let tamper: (path: string, count: number) => { cut?: number; change?: boolean; status?: number; stall?: boolean };
      const asked: { path: string; range: string | undefined }[] = [];

      beforeEach(async () => {
        asked.length = 0;
        tamper = () => ({});
        proxy = createServer((from, to) => {
          const path = from.url ?? '';
          const count = asked.filter((one) => one.path === path).length;
          asked.push({ path, range: from.headers.range });
          const { cut, change, status, stall } = tamper(path, count);
          if (status !== undefined) return void to.writeHead(status).end();
          const { host: _, ...headers } = from.headers;
          request({ port: registry.port, host: '127.0.0.1', path, headers }, (answer) => {
            to.writeHead(answer.statusCode ?? 500, answer.headers);
            let sent = 0;
            answer.on('data', (chunk: Buffer) => {
              if (change === true) chunk[0] = (chunk[0] ?? 0) ^ 1;
              if (cut !== undefined && sent + chunk.length > cut) {
                to.write(chunk.subarray(0, cut - sent), () => (stall === true ? undefined : to.destroy()));
                answer.destroy();
              } else to.write(chunk);
              sent += chunk.length;
            });
            answer.on('end', () => to.end());
          }).end();
        });
        await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      });

      afterEach(() => {
        proxy.closeAllConnections();
        proxy.close();
      });

      const name = () => `127.0.0.1:${(proxy.address() as AddressInfo).port}/lib/one:1`;
      const isLayer = (path: string) =>
        path.includes('/blobs/') && asked.filter((one) => one.path.includes('/blobs/')).length > 1;

      it('goes on where a connection broke', async () => {
        tamper = (path, count) => (isLayer(path) && count < 2 ? { cut: 100_000 } : {});
        const { images } = await open('', 3);
        expect((await images.obtain({ image: docker(name()) })).layers).toHaveLength(1);
        const starts = asked.flatMap(({ range }) => (range === undefined ? [] : [Number(/\d+/.exec(range)?.[0])]));
        expect(starts).toHaveLength(2);
        expect(starts[0]).toBeGreaterThan(0);
        expect(starts[1]).toBeGreaterThan(starts[0] ?? 0);
      });

      it('gives up after as many attempts as it may make', async () => {
        tamper = (path) => (path.includes('/manifests/') ? { status: 503 } : {});
        const { images } = await open('', 2);
        await expect(images.obtain({ image: docker(name()) })).rejects.toThrow(
          /answers HTTP 503 for the manifest of .* \(2 attempts\)$/,
        );
        expect(asked).toHaveLength(2);
      });

      it('does not take a layer that is not what was promised', async () => {
        tamper = (path) => ({ change: isLayer(path) });
        const { images, store } = await open('', 3);
        await expect(images.obtain({ image: docker(name()) })).rejects.toThrow(
          /the layer sha256:\w+ is not what was promised/,
        );
        expect([store.all().length, store.layerSizes().size]).toEqual([0, 0]);
        expect(readdirSync(join(folder, 'images/pulling'))).toEqual([]);
      });

      it('takes silence for a broken connection', async () => {
        tamper = (path) => (isLayer(path) ? { cut: 1_000, stall: true } : {});
        const { images } = await open();
        await expect(images.obtain({ image: docker(name()) })).rejects.toThrow('no progress for 2 s');
      });

      it('ends when nobody wants the image any more', async () => {
        const stop = new AbortController();
        tamper = (path) => {
          if (!isLayer(path)) return {};
          setTimeout(() => stop.abort(new Error('not wanted')), 50);
          return { cut: 1_000, stall: true };
        };
        const { images } = await open('', 4);
        await expect(images.obtain({ image: docker(name()), signal: stop.signal })).rejects.toThrow('not wanted');
        await expect.poll(() => readdirSync(join(folder, 'images/pulling'))).toEqual([]);
      });
    });
  },
);
