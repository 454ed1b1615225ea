import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { imagesMissing } from '@tranche/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContainerizerBench, MEBIBYTE, outputOf } from './conformance/bench.js';
import { type ContainerConfig, type ContainerImage, SANDBOX_INSIDE } from './container.js';
import type { Containerizer } from './containerizer.js';
import type { InsideStreams } from './inside/inside-command.js';
import { until } from './until.js';

/** A program of the host with all that it loads; busybox gives up what set-user-ID gives it. */
function copyWithLibraries(program: string, root: string, name: string, mode: number): void {
  copyFileSync(program, join(root, name));
  chmodSync(join(root, name), mode);
  for (const [library] of execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/\/\S+/g)) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
}

const missing = imagesMissing();
const why = missing === undefined ? '' : ` (${missing})`;

describe.skipIf(missing !== undefined).each(['crun', 'runc'] as const)(
  `a container with an image, by %s${why}`,
  (runtime) => {
    let bench: ContainerizerBench;
    let containerizer: Containerizer;
    let layers: string[];

    beforeAll(async () => {
      bench = new ContainerizerBench({ containerizer: 'oci', runtime });
      containerizer = await bench.open();
      layers = [join(bench.folder, 'layers/upper'), join(bench.folder, 'layers/lower')];
      for (const folder of ['bin', 'etc', 'tmp']) mkdirSync(join(layers[1] ?? '', folder), { recursive: true });
      copyFileSync('/usr/bin/busybox', join(layers[1] ?? '', 'bin/busybox'));
      copyWithLibraries('/bin/cat', layers[1] ?? '', 'bin/cat-as-owner', 0o4755);
      for (const name of [
        'sh',
        'cat',
        'ls',
        'id',
        'pwd',
        'env',
        'sleep',
        'touch',
        'stty',
        'test',
        'grep',
        'wc',
        'mount',
      ]) {
        symlinkSync('busybox', join(layers[1] ?? '', 'bin', name));
      }
      writeFileSync(join(layers[1] ?? '', 'etc/lower'), 'lower');
      writeFileSync(join(layers[1] ?? '', 'etc/gone'), 'lower');
      mkdirSync(join(layers[0] ?? '', 'etc'), { recursive: true });
      writeFileSync(join(layers[0] ?? '', 'etc/lower'), 'upper');
      execFileSync('mknod', [join(layers[0] ?? '', 'etc/gone'), 'c', '0', '0']);
    });

    afterAll(() => bench.end());

    const config = (command: string, changes: Partial<ContainerConfig> = {}, image: Partial<ContainerImage> = {}) =>
      bench.config(command, {
        env: [['PATH', '/bin']],
        image: { name: 'test', layers, workingDirectory: SANDBOX_INSIDE, ...image },
        ...changes,
      });

    const run = async (...args: Parameters<typeof config>) => {
      const made = config(...args);
      await containerizer.create(made);
      await containerizer.start(made.id);
      const termination = await containerizer.termination(made.id);
      await containerizer.remove(made.id);
      const output = outputOf(made).trim();
      const errors = readFileSync(join(made.sandbox, 'stderr'), 'utf8').trim();
      return { made, termination, output, errors };
    };

    it('sees its layers, the upper ones first, and nothing of the host', async () => {
      const { output, errors } = await run('cat /etc/lower; echo; ls /etc; ls /; pwd');
      expect(errors).toBe('');
      const [first, ...names] = output.split('\n');
      expect(first).toBe('upper');
      expect(names).not.toContain('gone');
      expect(names).not.toContain('root');
      expect(names.at(-1)).toBe(SANDBOX_INSIDE);
    });

    it('has pids, devices, and hidden files of the system, and no cgroups', async () => {
      const { output } = await run(
        'echo x > /dev/null; test -c /dev/urandom && echo devices; ls -d /proc/[0-9]* | wc -l; ls /sys/fs/cgroup | wc -l; cat /proc/keys | wc -l; touch /sys/x || touch /proc/sys/kernel/x; test -s /etc/resolv.conf && echo names',
      );
      const [devices, processes, cgroups, keys, names] = output.split('\n').map((line) => line.trim());
      expect({ devices, cgroups, keys, names }).toEqual({
        devices: 'devices',
        cgroups: '0',
        keys: '0',
        names: 'names',
      });
      expect(Number(processes)).toBeLessThan(6);
    });

    it('changes neither its layers nor the host, and leaves nothing behind', async () => {
      const before = readFileSync('/proc/self/mountinfo', 'utf8');
      const { made, output } = await run('echo new > /etc/lower; touch /bin/new; cat /etc/lower; echo file > left');
      expect(output).toBe('new');
      expect(readFileSync(join(layers[0] ?? '', 'etc/lower'), 'utf8')).toBe('upper');
      expect(readdirSync(join(layers[1] ?? '', 'bin'))).not.toContain('new');
      expect(readFileSync(join(made.sandbox, 'left'), 'utf8')).toBe('file\n');
      expect(readdirSync(bench.options.rootfsFolder ?? '')).toEqual([]);
      expect(readFileSync('/proc/self/mountinfo', 'utf8')).toBe(before);
    });

    it('works where its image says, in a folder that is made for it', async () => {
      const { output } = await run('pwd', {}, { workingDirectory: '/srv/app' });
      expect(output).toBe('/srv/app');
    });

    it('runs as a user of the host', async () => {
      const { output, errors } = await run('id -u; touch mine; echo $?', { user: 'daemon' });
      expect({ output: output.split('\n')[0], errors: errors !== '' }).toEqual({ output: '1', errors: true });
    });

    it.each([
      ['daemon', '1\t1\t1\t1', '0000000000000000', '1'],
      ['root', '0\t0\t0\t0', expect.stringMatching(/[^0]/), '0'],
    ])('does not make root of %s by what its image has', async (user, uids, effective, isBound) => {
      const { output, errors } = await run('cat-as-owner /proc/self/status', { user });
      expect(errors).toBe('');
      expect(output).toContain(`Uid:\t${uids}`);
      expect(/CapEff:\t(.*)/.exec(output)?.[1]).toEqual(effective);
      expect(output).toContain(`NoNewPrivs:\t${isBound}`);
    });

    it('does not let its image bring devices of the host', async () => {
      // One that is nowhere: whoever may use it is told so.
      execFileSync('mknod', ['-m', '666', join(layers[1] ?? '', 'etc/disk'), 'b', '7', '0']);
      const { errors } = await run('cat /etc/disk', { user: 'daemon' });
      expect(errors).toMatch(/not permitted|Permission denied/);
    });

    it('lets nobody become root who comes later', async () => {
      const made = config('sleep 1000');
      await containerizer.create(made);
      await containerizer.start(made.id);
      const args = ['cat-as-owner', '/proc/self/status'];
      const { output } = await containerizer.runInside(made.id, { args, env: [], user: 'daemon', timeoutMs: 30_000 });
      await containerizer.remove(made.id);
      expect(output).toContain('Uid:\t1\t1\t1\t1');
      expect(output).toContain('NoNewPrivs:\t1');
    });

    it.each([true, false])(
      'does not make root of anybody by a volume that is an image (read-only: %s)',
      async (readOnly) => {
        chmodSync(bench.folder, 0o711);
        const image = { kind: 'image', source: 'x', layers, containerPath: 'tools', readOnly } as const;
        // Without an image of its own: there the programs of the host may do what they could.
        const made = bench.config(
          'tools/bin/cat-as-owner /proc/self/status; tools/bin/cat-as-owner /proc/self/mountinfo',
          {
            ...{ user: 'daemon', volumes: [image] },
          },
        );
        await containerizer.create(made);
        await containerizer.start(made.id);
        await containerizer.termination(made.id);
        await containerizer.remove(made.id);
        const output = outputOf(made);
        expect(output).toContain('Uid:\t1\t1\t1\t1');
        expect(output).toContain('NoNewPrivs:\t0');
        const [, options] = / \S+\/tools (\S+) /.exec(output) ?? [];
        expect(options?.split(',')).toEqual(expect.arrayContaining([readOnly ? 'ro' : 'rw', 'nosuid', 'nodev']));
      },
    );

    it('sees volumes in its sandbox and beside it', async () => {
      const data = join(bench.folder, 'data');
      mkdirSync(data);
      writeFileSync(join(data, 'file'), 'content');
      const volume = (containerPath: string, readOnly: boolean) =>
        ({ kind: 'host', source: data, containerPath, readOnly }) as const;
      const { output } = await run(
        `cat ${SANDBOX_INSIDE}/in/deep/file /new/place/file; touch /new/place/x || echo ro`,
        {
          volumes: [volume('in/deep', false), volume('/new/place', true)],
        },
      );
      expect(output).toBe('contentcontentro');
    });

    it('says that its command is not there, in stderr and by its exit code', async () => {
      const { termination, errors } = await run('', { args: ['nothing-here'] });
      expect(termination.waitStatus).toBe(127 * 256);
      expect(errors).toContain('nothing-here');
    });

    it('lets commands in, in the same place with the same environment, and ends with them', async () => {
      const made = config('sleep 1000', { env: [['PATH', '/bin'], ['A', 'b']] }); // biome-ignore format: short
      await containerizer.create(made);
      await containerizer.start(made.id);
      const end = await containerizer.runInside(made.id, {
        args: ['sh', '-c', 'pwd; echo $A; cat /etc/lower'],
        env: [],
        timeoutMs: 30_000,
      });
      expect(end).toMatchObject({ exitCode: 0, output: `${SANDBOX_INSIDE}\nb\nupper` });
      await containerizer.remove(made.id);
      expect(existsSync(join(bench.options.rootfsFolder ?? '', made.id))).toBe(false);
    });

    it('gives commands a terminal of its own, which can be resized and interrupts what runs', async () => {
      const made = config('sleep 1000');
      await containerizer.create(made);
      await containerizer.start(made.id);
      let output = '';
      const typed = Promise.withResolvers<InsideStreams>();
      const ended = containerizer.runInside(made.id, {
        ...{
          args: ['sh'],
          env: [['PS1', 'ready> ']],
          timeoutMs: 60_000,
          terminal: { window: { rows: 30, columns: 90 } },
        },
        take: (streams) => {
          streams.stdout.on('data', (data: Buffer) => {
            output += data.toString();
          });
          streams.stderr.resume();
          typed.resolve(streams);
        },
      });
      const { stdin, resize } = await typed.promise;
      const shows = (text: string | RegExp) => expect.poll(() => output, { timeout: 20_000 }).toMatch(text);
      await shows('ready> ');
      stdin.write('test -t 0 && stty size\r');
      await shows(/^30 90\r$/m);
      await resize?.({ rows: 40, columns: 100 });
      stdin.write('stty size\r');
      await shows(/^40 100\r$/m);
      stdin.write('sleep 1000; echo over $?\r');
      await expect.poll(() => output).toContain('sleep 1000');
      await new Promise((resolve) => setTimeout(resolve, 300));
      stdin.write('\x03');
      await expect.poll(() => output.slice(output.indexOf('sleep 1000')), { timeout: 20_000 }).toContain('ready> ');
      stdin.write('exit 4\r');
      expect(await ended).toMatchObject({ exitCode: 4 });
      await containerizer.remove(made.id);
    });

    it('is found again by the next agent, which takes away what is nobody’s', async () => {
      const made = config('echo up; while [ ! -e go ]; do sleep 0.05; done; cat /etc/lower; exit 7');
      const checkpoint = await containerizer.create(made);
      await containerizer.start(made.id);
      await until(() => outputOf(made));
      const orphan = config('sleep 1000');
      await containerizer.create(orphan);
      const next = await bench.open([checkpoint]);
      expect(readdirSync(bench.options.rootfsFolder ?? '')).toEqual([made.id]);
      writeFileSync(join(made.sandbox, 'go'), '');
      expect((await next.termination(made.id)).waitStatus).toBe(7 * 256);
      expect(outputOf(made)).toBe('up\nupper');
      await next.remove(made.id);
      expect(readdirSync(bench.options.rootfsFolder ?? '')).toEqual([]);
    });

    it('may lie in another, with another image or none', async () => {
      const outer = config('sleep 1000');
      await containerizer.create(outer);
      await containerizer.start(outer.id);
      const nesting = { parentId: outer.id, sharesLimits: true };
      const inner = config('cat /etc/lower; ls -d /proc/[0-9]* | wc -l', { nesting: { ...nesting, sharesPids: true } });
      await containerizer.create(inner);
      await containerizer.start(inner.id);
      expect((await containerizer.termination(inner.id)).waitStatus).toBe(0);
      expect(outputOf(inner)).toMatch(/^upper/);
      await containerizer.remove(outer.id);
      expect(readdirSync(bench.options.rootfsFolder ?? '')).toEqual([]);
    });

    it('is ended for memory like any other', async () => {
      const limits = { cpusMilli: 1000, memBytes: 32 * MEBIBYTE };
      const { termination } = await run('x=a; while :; do x=$x$x; done', { limits });
      expect(termination.limitation).toMatchObject({ resource: 'mem', limitBytes: 32 * MEBIBYTE });
    });
  },
);
