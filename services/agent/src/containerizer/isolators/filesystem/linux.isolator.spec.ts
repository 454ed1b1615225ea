import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RootFolders } from '../../rootfs/root-folders.js';
import type { ContainerVolume } from '../../volumes/container-volume.js';
import { LinuxFilesystemIsolator } from './linux.isolator.js';

describe('filesystem/linux', () => {
  let folder: string;
  let sandbox: string;
  let data: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-volumes-'));
    sandbox = join(folder, 'sandbox');
    data = join(folder, 'data');
    mkdirSync(sandbox);
    mkdirSync(data);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const mounts = async (...volumes: ContainerVolume[]) => {
    const plan = { id: 'c1', limits: { cpusMilli: 1, memBytes: 1 }, sandbox, volumes };
    return (await new LinuxFilesystemIsolator().prepare(plan)).mounts?.slice(1);
  };
  const persistent = (more: Partial<ContainerVolume> = {}): ContainerVolume => ({
    ...{ kind: 'persistent', source: data, containerPath: 'data', readOnly: false },
    ...more,
  });

  it('gives the container a mount namespace and leaves its /dev to the host', async () => {
    const contribution = await new LinuxFilesystemIsolator().prepare({
      ...{ id: 'c1', limits: { cpusMilli: 1, memBytes: 1 }, sandbox },
    });
    expect(contribution).toEqual({
      namespaces: ['mount'],
      mounts: [{ destination: '/dev', type: 'bind', source: '/dev', options: ['rbind', 'rw'] }],
    });
  });

  it('binds a persistent volume into the sandbox', async () => {
    const destination = join(sandbox, 'data');
    expect(await mounts(persistent())).toEqual([{ destination, type: 'bind', source: data, options: ['rbind', 'rw'] }]);
    expect(readdirSync(sandbox)).toEqual(['data']);
  });

  it('makes the folders on the way to a volume, and takes those that are there', async () => {
    mkdirSync(join(sandbox, 'a'));
    const [mount] = (await mounts(persistent({ containerPath: 'a/./b//c', readOnly: true }))) ?? [];
    expect(mount).toMatchObject({ destination: join(sandbox, 'a/b/c'), options: ['rbind', 'ro'] });
  });

  it('binds a file of the host over a file', async () => {
    writeFileSync(join(folder, 'hosts'), 'x');
    await mounts({ kind: 'host', source: join(folder, 'hosts'), containerPath: 'hosts', readOnly: true });
    expect(readdirSync(sandbox, { withFileTypes: true })[0]?.isFile()).toBe(true);
  });

  it('has no file of a volume that is an image give rights or be a device', async () => {
    const plan = { id: 'c1', limits: { cpusMilli: 1, memBytes: 1 }, sandbox };
    const image = { kind: 'image', source: 'x:1', layers: [data], containerPath: 'image' } as const;
    const isolator = new LinuxFilesystemIsolator(new RootFolders(join(folder, 'rootfses')));
    const { mounts: made } = await isolator.prepare({ ...plan, volumes: [{ ...image, readOnly: true }] });
    expect(made?.at(-1)).toMatchObject({
      destination: join(sandbox, 'image'),
      options: ['rbind', 'ro', 'nosuid', 'nodev'],
    });
  });

  it('makes the folder of a sandbox volume', async () => {
    const source = join(sandbox, 'own/tmp');
    await mounts({ kind: 'sandbox', source, containerPath: '/tmp', readOnly: false });
    expect(readdirSync(join(sandbox, 'own'))).toEqual(['tmp']);
  });

  it.each(['../data', 'a/../../b', '/nowhere/at/all', '.', ''])(
    'refuses the container path %j',
    async (containerPath) => {
      await expect(mounts(persistent({ containerPath }))).rejects.toThrow(/is not (below the sandbox|there)/);
    },
  );

  it('does not follow a link in the sandbox', async () => {
    symlinkSync(folder, join(sandbox, 'out'));
    await expect(mounts(persistent({ containerPath: 'out/data' }))).rejects.toThrow(
      "container path 'out/data' leads over a symbolic link",
    );
    await expect(mounts(persistent({ containerPath: 'out' }))).rejects.toThrow('leads over a symbolic link');
  });

  it('refuses a source that is not there', async () => {
    await expect(mounts(persistent({ source: join(folder, 'gone') }))).rejects.toThrow('gone is not there');
  });
});
