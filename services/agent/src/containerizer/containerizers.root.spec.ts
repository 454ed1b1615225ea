import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imagesMissing } from '@tranche/test-servers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContainerizerBench, outputOf } from './conformance/bench.js';
import type { Containerizer } from './containerizer.js';
import { type ContainerizerOptions, createContainerizer, NoContainerizerError } from './containerizers.js';
import { POSIX_ISOLATION } from './isolators.js';
import { until } from './until.js';

/** All that the containerizers call by name, the runtimes left out. */
const TOOLS = ['sh', 'env', 'mv', 'mkdir', 'mkfifo', 'setsid', 'unshare', 'setpriv', 'mount', 'conmon', 'tini-static'];

const which = (program: string): string =>
  execFileSync('sh', ['-c', `command -v ${program}`])
    .toString()
    .trim();

describe('createContainerizer', () => {
  let folder: string;
  let bench: ContainerizerBench;
  const opened: Containerizer[] = [];

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'tranche-tools-')));
    bench = new ContainerizerBench({ containerizer: 'process' });
  });

  afterEach(async () => {
    for (const containerizer of opened.splice(0)) await containerizer.close?.();
    await bench.end();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (changes: Partial<ContainerizerOptions> = {}): Promise<Containerizer> => {
    const containerizer = await createContainerizer({ ...bench.options, containerizer: 'auto', ...changes });
    opened.push(containerizer);
    return containerizer;
  };

  /** A folder with these programs only, to be used as PATH. */
  const only = (...programs: string[]): string => {
    const path = join(folder, programs.join('+').slice(0, 60));
    mkdirSync(path, { recursive: true });
    for (const program of programs) symlinkSync(which(program), join(path, program));
    return path;
  };

  it('prefers crun, and says which version on which cgroups', async () => {
    const { name, description } = await open();
    expect(name).toBe('oci');
    expect(description).toMatch(/^crun \d+\.\S+, cgroups (v1|v1 \(hybrid\)|v2)$/);
  });

  it('takes runc where crun is not installed', async () => {
    const { description } = await open({ searchPath: only(...TOOLS, 'runc') });
    expect(description).toMatch(/^runc \d+/);
  });

  it('takes util-linux and cgroups where no runtime is installed, and says so', async () => {
    const { name, description } = await open({ searchPath: only(...TOOLS) });
    expect(name).toBe('bare');
    expect(description).toMatch(/^no OCI runtime \(crun not found\), cgroups /);
  });

  it('takes plain processes where there is not even that, and says what is missing', async () => {
    const { name, description } = await open({ searchPath: only('sh', 'env', 'mv', 'mkfifo') });
    expect(name).toBe('process');
    expect(description).toBe('plain processes (crun not found; unshare not found; limits are not enforced)');
  });

  it('passes over an OCI runtime that cannot run a container', async () => {
    const path = only(...TOOLS);
    symlinkSync('/bin/true', join(path, 'crun'));
    const { name, description } = await open({ searchPath: path });
    expect(name).toBe('bare');
    expect(description).toContain('crun does not work');
  });

  it('refuses what was asked for by name and cannot be had', async () => {
    const refusal = open({ containerizer: 'oci', runtime: 'crun', searchPath: only('sh', 'runc') });
    await expect(refusal).rejects.toThrow(NoContainerizerError);
    await expect(refusal).rejects.toThrow('containers cannot be run: crun not found');
  });

  it('takes no OCI runtime without a mount namespace', async () => {
    expect((await open({ isolation: ['cgroups/cpu', 'cgroups/mem'] })).name).toBe('bare');
  });

  it('refuses isolators that it does not know', async () => {
    await expect(open({ isolation: ['filesystem/linux', 'cgroups/cup'] })).rejects.toThrow(
      'unknown isolator "cgroups/cup"',
    );
  });

  it.each(['oci', 'bare', 'process'] as const)(
    'looks after living containers of %s although new ones are made otherwise',
    async (containerizer) => {
      const former = await open({ containerizer });
      const config = bench.config('trap "exit 4" TERM; echo ready; while :; do sleep 0.02; done');
      const checkpoint = await former.create(config);
      await former.start(config.id);
      await until(() => outputOf(config));
      await former.close?.();
      const next = await open({ containerizer: containerizer === 'process' ? 'oci' : 'process' });
      expect(await next.recover([checkpoint])).toEqual([{ id: config.id, state: 'running', pid: checkpoint.pid }]);
      await next.kill(config.id, 'SIGTERM');
      expect((await next.termination(config.id)).waitStatus).toBe(4 * 256);
      await next.remove(config.id);
    },
  );

  it.skipIf(imagesMissing() !== undefined).each(['bare', 'process'] as const)(
    `looks after a container with an image although %s makes the others, and leaves nothing of it (${imagesMissing() ?? 'can run'})`,
    async (containerizer) => {
      const former = await open({ containerizer: 'oci' });
      const layer = join(bench.folder, 'layer');
      mkdirSync(join(layer, 'bin'), { recursive: true });
      copyFileSync('/usr/bin/busybox', join(layer, 'bin/busybox'));
      symlinkSync('busybox', join(layer, 'bin/sh'));
      const image = { name: 'x:1', layers: [layer], workingDirectory: '/' };
      const config = bench.config(
        'trap "echo still > /seen; exit 4" TERM; echo ready; while :; do busybox sleep 0.02; done',
        {
          ...{ image, env: [['PATH', '/bin']] },
        },
      );
      const checkpoint = await former.create(config);
      await former.start(config.id);
      await until(() => outputOf(config));
      await former.close?.();
      const rootfses = bench.options.rootfsFolder ?? '';
      for (const name of ['nobodys', 'lost']) mkdirSync(join(rootfses, name));
      const isolation = containerizer === 'process' ? { isolation: [...POSIX_ISOLATION] } : {};
      const next = await open({ containerizer, ...isolation });
      expect(next.imageRefusal).toContain('container images need');
      const lost = { ...checkpoint, id: 'lost', bootId: 'another' };
      expect(await next.recover([checkpoint, lost])).toEqual([
        { id: config.id, state: 'running', pid: checkpoint.pid },
        { id: 'lost', state: 'lost' },
      ]);
      expect(readdirSync(rootfses)).toEqual([config.id]);
      await next.kill(config.id, 'SIGTERM');
      expect((await next.termination(config.id)).waitStatus).toBe(4 * 256);
      expect(readFileSync(join(rootfses, config.id, 'upper/seen'), 'utf8')).toBe('still\n');
      await next.remove(config.id);
      expect(readdirSync(rootfses)).toEqual([]);
    },
  );

  it('gives up containers of a containerizer that it does not know', async () => {
    const containerizer = await open();
    const stranger = { id: 'c1', containerizer: 'docker', pid: 1, pidStartTicks: '1', bootId: '', detail: {} };
    expect(await containerizer.recover([stranger])).toEqual([{ id: 'c1', state: 'lost' }]);
  });
});
