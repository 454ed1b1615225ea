import { mkdirSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContainerVolume } from '../../volumes/container-volume.js';
import { PosixFilesystemIsolator } from './posix.isolator.js';

describe('filesystem/posix', () => {
  let folder: string;
  let sandbox: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-volumes-'));
    sandbox = join(folder, 'sandbox');
    mkdirSync(sandbox);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const prepare = (...volumes: ContainerVolume[]) =>
    new PosixFilesystemIsolator().prepare({ id: 'c1', limits: { cpusMilli: 1, memBytes: 1 }, sandbox, volumes });
  const volume = (more: Partial<ContainerVolume> = {}): ContainerVolume => ({
    ...{ kind: 'persistent', source: folder, containerPath: 'deep/data', readOnly: false },
    ...more,
  });

  it('contributes nothing', async () => {
    expect(await prepare()).toEqual({});
  });

  it('shows a persistent volume by a link in the sandbox', async () => {
    await prepare(volume());
    expect(readlinkSync(join(sandbox, 'deep/data'))).toBe(folder);
  });

  it('takes away what a container with an image has left that it looks after', async () => {
    const removed: string[] = [];
    await new PosixFilesystemIsolator({ remove: async (id) => void removed.push(id) }).cleanup('c1');
    expect(removed).toEqual(['c1']);
  });

  it('refuses what a link cannot show', async () => {
    await expect(prepare(volume({ kind: 'host' }))).rejects.toThrow('can only be shown with filesystem/linux');
    await expect(prepare(volume({ containerPath: '/data' }))).rejects.toThrow('which needs filesystem/linux');
  });

  it('refuses to link over something', async () => {
    mkdirSync(join(sandbox, 'data'));
    await expect(prepare(volume({ containerPath: 'data' }))).rejects.toThrow('there is something at data');
  });
});
