import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../until.js';
import { AttachWarmup, ownProcsFile } from './attach-warmup.js';
import type { CgroupLayout } from './cgroup-layout.js';

const V1: CgroupLayout = {
  mode: 'hybrid',
  controllers: new Map([['memory', '/sys/fs/cgroup/memory']]),
  hierarchies: ['/sys/fs/cgroup/memory'],
  unified: '/sys/fs/cgroup/unified',
};

describe('ownProcsFile', () => {
  it('is that of the first hierarchy that is mounted', () => {
    const text = '9:name=systemd:/\n4:memory:/agents/one\n0::/\n';
    expect(ownProcsFile(V1, text)).toBe('/sys/fs/cgroup/memory/agents/one/cgroup.procs');
  });

  it('is that of the v2 tree where there is only that', () => {
    const layout: CgroupLayout = { mode: 'v2', controllers: new Map(), hierarchies: [], unified: '/sys/fs/cgroup' };
    expect(ownProcsFile(layout, '0::/system.slice/a:b\n')).toBe('/sys/fs/cgroup/system.slice/a:b/cgroup.procs');
  });

  it('is none without cgroups', () => {
    expect(ownProcsFile({ mode: 'none', controllers: new Map(), hierarchies: [] }, '')).toBeUndefined();
  });
});

describe('AttachWarmup', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tranche-warmup-'));
  const file = join(folder, 'cgroup.procs');

  afterEach(() => rmSync(file, { force: true }));

  it('moves the agent to where it is', async () => {
    writeFileSync(file, '');
    new AttachWarmup(file).begin();
    expect(await until(() => readFileSync(file, 'utf8'))).toBe(String(process.pid));
  });

  it('makes no file where there is no cgroup', async () => {
    const warmup = new AttachWarmup(file);
    warmup.begin();
    writeFileSync(join(folder, 'other'), '');
    new AttachWarmup(join(folder, 'other')).begin();
    await until(() => readFileSync(join(folder, 'other'), 'utf8'));
    expect(existsSync(file)).toBe(false);
  });

  it('does nothing when it has no file', () => {
    expect(() => new AttachWarmup(undefined).begin()).not.toThrow();
  });
});
