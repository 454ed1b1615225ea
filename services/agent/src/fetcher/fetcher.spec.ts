import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { crc32, gzipSync } from 'node:zlib';
import type { CommandInfoURI } from '@tranche/mesos-api';
import { ringTracer, runInTrace, runWithTracer } from '@tranche/telemetry';
import { type Header, pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FetchCache } from './cache/fetch-cache.js';
import { Fetcher, type FetchRequest } from './fetcher.js';
import { LocalFetchWorker } from './local.fetch-worker.js';

const MEBIBYTE = 1024 * 1024;

describe('Fetcher', () => {
  let folder: string;
  let sandbox: string;
  let server: Server | undefined;
  let workersClosed = 0;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fetcher-'));
    sandbox = join(folder, 'sandbox');
    mkdirSync(sandbox);
    mkdirSync(join(folder, 'cache'));
    workersClosed = 0;
  });

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const fetcher = (limits: { stallTimeoutMs?: number; maxBytes?: number } = {}): Fetcher =>
    new Fetcher({
      limits: { stallTimeoutMs: 5_000, maxBytes: MEBIBYTE, ...limits },
      workerFor: async () => {
        const worker = new LocalFetchWorker();
        worker.close = () => void (workersClosed += 1);
        return worker;
      },
      cache: new FetchCache({
        capacityBytes: MEBIBYTE,
        pathFor: async (_user, serial) => join(folder, 'cache', `c${serial}`),
        remove: (file) => rmSync(file, { force: true }),
      }),
    });

  const request = (uris: CommandInfoURI[], more: Partial<FetchRequest> = {}): FetchRequest => ({
    ...{ containerId: 'c1', uris, sandbox, user: 'u' },
    ...more,
  });

  const fetch = (uri: string | CommandInfoURI, limits = {}): Promise<void> =>
    fetcher(limits).fetch(request([typeof uri === 'string' ? { value: uri } : uri]));

  const source = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  const listen = async (listener: RequestListener): Promise<string> => {
    const started = createServer(listener);
    server = started;
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
  };

  const read = (name: string): string => readFileSync(join(sandbox, name), 'utf8');
  const modeOf = (name: string): number => statSync(join(sandbox, name)).mode & 0o777;

  describe('places files', () => {
    it('tells the server of the trace in which it asks, and the trace nothing that may be secret', async () => {
      const traceparents: unknown[] = [];
      const base = await listen((asked, response) => {
        traceparents.push(asked.headers['traceparent']);
        if (asked.url === '/moved') response.writeHead(302, { location: '/a.txt?key=hunter2' }).end();
        else response.end('a');
      });
      const tracer = ringTracer('agent', 1 << 20);
      const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
      const url = `${base.replace('//', '//user:hunter2@')}/moved`;
      await runWithTracer(tracer, () => runInTrace(trace, () => fetch({ value: url, output_file: 'a.txt' })));
      const spans = tracer.ring?.find(trace.traceId)?.spans ?? [];
      const asking = spans.find(({ kind }) => kind === 'client');
      expect(asking).toMatchObject({
        ...{ name: 'GET', parentSpanId: spans.find(({ name }) => name === 'fetch')?.spanId },
        attributes: { 'server.address': '127.0.0.1', 'url.path': '/moved' },
      });
      const sent = `00-${trace.traceId}-${asking?.spanId}-01`;
      expect(traceparents).toEqual([sent, sent]);
      expect(JSON.stringify(spans)).not.toContain('hunter2');
    });

    it('from paths and servers, under their names or those that are asked for', async () => {
      const base = await listen((asked, answer) => answer.end(`at ${asked.url}`));
      await fetcher().fetch(
        request([
          { value: source('a.txt', 'A') },
          { value: `file://${source('b.txt', 'B')}`, output_file: 'x/y/b' },
          { value: `${base}/c?d=1`, output_file: 'c' },
        ]),
      );
      expect([read('a.txt'), read('x/y/b'), read('c')]).toEqual(['A', 'B', 'at /c?d=1']);
      expect(workersClosed).toBe(1);
    });

    it('that are executable if they are to be', async () => {
      await fetch({ value: source('run.sh', '#!/bin/sh'), executable: true });
      expect(modeOf('run.sh')).toBe(0o755);
    });

    it('following redirects', async () => {
      const base = await listen((asked, answer) => {
        if (asked.url === '/end/x') answer.end('found');
        else answer.writeHead(302, { location: '/end/x' }).end();
      });
      await fetch(`${base}/begin`);
      expect(read('begin')).toBe('found');
    });

    it('telling how far they are', async () => {
      const content = Buffer.alloc(400_000);
      const percents: number[] = [];
      const uris = [{ value: source('a', content) }, { value: source('b', content) }];
      await fetcher().fetch(request(uris, { onProgress: (percent) => percents.push(percent) }));
      expect(percents).toContain(0);
      expect(percents).toContain(50);
      expect(percents.at(-1)).toBe(100);
      expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    });

    it("telling the task's owner in the sandbox's stderr", async () => {
      writeFileSync(join(sandbox, 'stderr'), 'before\n');
      await fetch(source('a', ''));
      expect(read('stderr')).toBe(`before\nFetched '${join(folder, 'a')}'\n`);
    });
  });

  describe('unpacks', () => {
    const pack7 = async (...entries: (readonly [Partial<Header> & { name: string }, string?])[]): Promise<Buffer> => {
      const archive = pack();
      for (const [header, content = ''] of entries) archive.entry(header, content);
      archive.finalize();
      return buffer(archive);
    };
    const tree = (): Promise<Buffer> =>
      pack7(
        [{ name: 'd', type: 'directory', mode: 0o755 }],
        [{ name: 'd/run', mode: 0o4755, mtime: new Date(86_400_000) }, 'hello'],
        [{ name: 'd/link', type: 'symlink', linkname: '../d/run' }],
        [{ name: 'hard', type: 'link', linkname: 'd/run' }],
      );
    const expectTree = (): void => {
      expect([read('d/run'), read('d/link'), read('hard')]).toEqual(['hello', 'hello', 'hello']);
      expect(modeOf('d/run')).toBe(0o755);
      expect(statSync(join(sandbox, 'd/run')).mtimeMs).toBe(86_400_000);
    };

    const bad = async (name: string, content: string | Buffer, limits = {}): Promise<string> => {
      const file = source(name, content);
      const error = await fetch(file, limits).then(
        () => undefined,
        (fault: unknown) => fault as Error,
      );
      const start = `Failed to fetch all URIs for container 'c1': '${file}': `;
      expect(error?.message.startsWith(start), String(error)).toBe(true);
      return error?.message.slice(start.length) ?? '';
    };

    it('tar archives, and keeps them', async () => {
      await fetch(source('a.tar', await tree()));
      expectTree();
      expect(statSync(join(sandbox, 'a.tar')).size).toBeGreaterThan(0);
    });

    it.each([
      ['tgz', 'gzip'],
      ['tar.bz2', 'bzip2'],
      ['txz', 'xz'],
    ])('%s archives with %s', async (ending, program) => {
      const file = source(`a.${ending}`, execFileSync(program, ['-c'], { input: await tree() }));
      await fetch(file);
      expectTree();
    });

    it('zip archives with modes and links', async () => {
      const entries = [
        { name: 'd/', mode: 0o40_755, content: '' },
        { name: 'd/run', mode: 0o100_755, content: 'hello' },
        { name: 'd/link', mode: 0o120_777, content: 'run' },
      ];
      await fetch(source('a.zip', zip(entries)));
      expect([read('d/run'), read('d/link')]).toEqual(['hello', 'hello']);
      expect(modeOf('d/run')).toBe(0o755);
      expect(await bad('b.zip', zip([{ name: '../x', mode: 0, content: 'x' }]))).toContain(
        'invalid relative path: ../x',
      );
      expect(await bad('c.zip', zip([{ name: 'l', mode: 0o120_777, content: '/etc' }]))).toContain('leads out of');
      const damaged = zip([{ name: 'x', mode: 0, content: 'right' }]);
      damaged[damaged.indexOf('right')] = 'w'.charCodeAt(0);
      expect(await bad('d.zip', damaged)).toBe('holds x, whose checksum is wrong');
    });

    it('single files that are compressed', async () => {
      await fetch({ value: source('a.txt.gz', gzipSync('plain')), output_file: 'd/a.txt.gz' });
      expect(read('d/a.txt')).toBe('plain');
    });

    it('nothing that leads out of the sandbox', async () => {
      const outside = join(folder, 'outside');
      expect(await bad('a.tar', await pack7([{ name: '../outside' }, 'x']))).toBe(
        'holds ../outside, which leads out of the sandbox',
      );
      expect(await bad('a.tar', await pack7([{ name: outside }, 'x']))).toBe(`holds ${outside}, an absolute path`);
      expect(await bad('a.tar', await pack7([{ name: 'l', type: 'symlink', linkname: '..' }]))).toBe(
        'holds the link l -> .., which leads out of the sandbox',
      );
      expect(await bad('a.tar', await pack7([{ name: 'l', type: 'symlink', linkname: folder }]))).toContain(
        'leads out of the sandbox',
      );
      expect(await bad('a.tar', await pack7([{ name: 'h', type: 'link', linkname: '../cache' }]))).toContain(
        'leads out of the sandbox',
      );
      expect(readdirSync(folder)).not.toContain('outside');
    });

    it('nothing through links whose text looks harmless', async () => {
      const archive = await pack7(
        [{ name: 'a', type: 'symlink', linkname: '.' }],
        [{ name: 'b', type: 'symlink', linkname: 'a/..' }],
        [{ name: 'b/outside' }, 'x'],
      );
      expect(await bad('a.tar', archive)).toBe('holds something below b, a link');
      expect(readdirSync(folder)).not.toContain('outside');
    });

    it('no devices', async () => {
      expect(await bad('a.tar', await pack7([{ name: 'x', type: 'fifo' }]))).toBe('holds x, a fifo');
    });

    it('nothing that is broken', async () => {
      const archive = await tree();
      expect(await bad('a.tar', archive.subarray(0, 1030))).toBe('Unexpected end of data');
      expect(await bad('b.tar', 'no tar at all'.repeat(100))).toContain('Invalid tar header');
      expect(await bad('c.tar', '')).toBe('is empty, no archive');
      expect(await bad('d.tgz', gzipSync(archive).subarray(0, 100))).toBe('unexpected end of file');
      expect(await bad('e.tgz', archive)).toBe('incorrect header check');
      expect(await bad('f.txz', archive)).toContain('File format not recognized');
      expect(await bad('g.zip', archive)).toContain('Either not a zip file, or file is truncated');
    });

    it('no more than is allowed', async () => {
      const archive = gzipSync(await pack7([{ name: 'zeros' }, '0'.repeat(20_000)]));
      expect(await bad('bomb.tgz', archive, { maxBytes: 10_000 })).toBe(
        'holds more than the 10000 bytes that are allowed',
      );
    });
  });

  describe('fails', () => {
    it.each([
      ['/no/such/file', "'/no/such/file': no such file"],
      ['/etc', "'/etc': is a folder"],
      ['/dev/null', "'/dev/null': is no plain file"],
      ['gopher://x/y', "'gopher://x/y': the scheme gopher is not supported"],
    ])('for %s', async (uri, message) => {
      await expect(fetch(uri)).rejects.toThrow(`Failed to fetch all URIs for container 'c1': ${message}`);
      expect(readdirSync(sandbox).filter((name) => name !== 'stderr')).toEqual([]);
    });

    it('for answers other than 200, naming where they came from', async () => {
      const base = await listen((asked, answer) => {
        if (asked.url === '/moved') answer.writeHead(301, { location: '/gone' }).end();
        else answer.writeHead(404).end();
      });
      await expect(fetch(`${base}/x`)).rejects.toThrow(`'${base}/x': HTTP 404`);
      await expect(fetch(`${base}/moved`)).rejects.toThrow(`'${base}/moved': HTTP 404 from ${base}/gone`);
    });

    it('for redirects to files of this machine, and for endless ones', async () => {
      const base = await listen((asked, answer) => {
        answer.writeHead(302, { location: asked.url === '/file' ? 'file:///etc/passwd' : '/again' }).end();
      });
      await expect(fetch(`${base}/file`)).rejects.toThrow('leads to file:///etc/passwd, which is not HTTP');
      await expect(fetch(`${base}/again`)).rejects.toThrow('more than 50 redirects');
    });

    it('when the connection breaks off or falls silent, and leaves nothing half done', async () => {
      const base = await listen((asked, answer) => {
        answer.writeHead(200, { 'content-length': '100' });
        answer.write('a part', () => asked.url === '/cut' && answer.destroy());
      });
      await expect(fetch(`${base}/cut`)).rejects.toThrow(`'${base}/cut': `);
      await expect(fetch(`${base}/stall`, { stallTimeoutMs: 50 })).rejects.toThrow('no progress for 0.05 s');
      expect(readdirSync(sandbox)).toEqual(['stderr']);
      expect(read('stderr')).toContain(`Failed to fetch '${base}/stall': no progress for 0.05 s`);
    });

    it('for more bytes than are allowed, announced or not', async () => {
      const base = await listen((asked, answer) => {
        if (asked.url === '/announced') answer.writeHead(200, { 'content-length': '5000' });
        for (let i = 0; i < 50; i++) answer.write('x'.repeat(100));
        answer.end();
      });
      const limits = { maxBytes: 1000 };
      await expect(fetch(`${base}/announced`, limits)).rejects.toThrow('has 5000 bytes or more, 1000 are allowed');
      await expect(fetch(`${base}/silent`, limits)).rejects.toThrow('bytes or more, 1000 are allowed');
    });

    it('when the checksum is another', async () => {
      const digest = createHash('sha256').update('good').digest('hex');
      await fetch(`${source('good', 'good')}#sha256=${digest}`);
      expect(read('good')).toBe('good');
      await expect(fetch(`${source('bad', 'bad')}#sha256=${digest}`)).rejects.toThrow(
        `its sha256 is ${createHash('sha256').update('bad').digest('hex')}, not ${digest}`,
      );
    });

    it('when the container is not wanted any more', async () => {
      const stop = new AbortController();
      stop.abort();
      await expect(fetcher().fetch(request([{ value: source('a', 'a') }], { signal: stop.signal }))).rejects.toThrow(
        'the container is not wanted any more',
      );
      expect(readdirSync(sandbox)).toEqual([]);
    });

    it('and counts it', async () => {
      const counted = fetcher();
      await counted.fetch(request([{ value: source('a', 'a') }]));
      await counted.fetch(request([]));
      await counted.fetch(request([{ value: '/no' }])).catch(() => undefined);
      expect(counted.counts).toEqual({ succeeded: 1, failed: 1 });
    });
  });

  describe('with the cache', () => {
    it('asks the server once for what several tasks want, and unpacks from the cache without a copy', async () => {
      const gets: string[] = [];
      const content = gzipSync('shared');
      const base = await listen((asked, answer) => {
        if (asked.method === 'GET') gets.push(asked.url ?? '');
        answer.writeHead(200, { 'content-length': content.length }).end(asked.method === 'GET' ? content : undefined);
      });
      const shared = fetcher();
      const boxes = ['s1', 's2', 's3'].map((name) => join(folder, name));
      for (const box of boxes) mkdirSync(box);
      const uris = [{ value: `${base}/a.gz`, cache: true }];
      await Promise.all(boxes.map((box) => shared.fetch(request(uris, { sandbox: box }))));
      expect(gets).toEqual(['/a.gz']);
      for (const box of boxes) expect(readdirSync(box).toSorted()).toEqual(['a', 'stderr']);
      expect(shared.cache.usedBytes).toBe(content.length);
    });

    it('fetches anew what somebody has changed in the cache', async () => {
      const shared = fetcher();
      const uris = [{ value: source('a', 'good'), cache: true }];
      await shared.fetch(request(uris));
      writeFileSync(join(folder, 'cache', 'c1'), 'evil');
      rmSync(join(sandbox, 'a'));
      await shared.fetch(request(uris));
      expect(read('a')).toBe('good');
    });
  });
});

/** An archive of stored files, as a Unix system makes it. */
function zip(files: readonly { name: string; mode: number; content: string }[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, mode, content } of files) {
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(crc32(content), 0);
    sizes.writeUInt32LE(content.length, 4);
    sizes.writeUInt32LE(content.length, 8);
    const lengths = Buffer.from([name.length, 0, 0, 0]);
    const local = Buffer.concat([
      Buffer.from('504b030414000000000000002158', 'hex'),
      sizes,
      lengths,
      Buffer.from(name + content),
    ]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(mode * 65_536, 6);
    place.writeUInt32LE(offset, 10);
    const made = Buffer.from('504b0102140314000000000000002158', 'hex');
    directory.push(made, sizes, lengths, place, Buffer.from(name));
    locals.push(local);
    offset += local.length;
  }
  const size = Buffer.concat(directory).length;
  const end = Buffer.from('504b0506'.padEnd(44, '0'), 'hex');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
