import { lchown, lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { type ContainerVolume, VolumeMountError } from './container-volume.js';
import { mountPointIn } from './mount-point.js';

/**
 * Makes what a volume shows ready: a persistent one goes to the sandbox's owner, a folder of the sandbox is made.
 *
 * @returns whether it is a file. @throws VolumeMountError, or the system's error
 * @source Mesos 1.11: filesystem/linux, volume/sandbox_path, volume/host_path
 */
export async function prepareSource(sandbox: string, volume: ContainerVolume): Promise<{ readonly isFile: boolean }> {
  const { kind, source } = volume;
  if (kind === 'sandbox') {
    await makeInSandbox(sandbox, source);
    return { isFile: false };
  }
  const found = await stat(source).catch(() => undefined);
  if (found === undefined) throw new VolumeMountError(`${source} is not there`);
  if (kind === 'host' || kind === 'image') return { isFile: !found.isDirectory() };
  if (!found.isDirectory()) throw new VolumeMountError(`persistent volume ${source} is no folder`);
  const owner = await stat(sandbox);
  const isForeign = found.uid !== owner.uid || found.gid !== owner.gid;
  if (isForeign && volume.keepsOwner !== true) await lchown(source, owner.uid, owner.gid);
  return { isFile: false };
}

/** A source in another sandbox, a parent's, must be there without links on the way out of it. */
async function makeInSandbox(sandbox: string, source: string): Promise<void> {
  const path = relative(sandbox, source);
  if (!path.startsWith('..')) {
    await mountPointIn(sandbox, path, false);
    return;
  }
  if ((await mkdir(source, { recursive: true })) !== undefined) {
    const { uid, gid } = await stat(sandbox);
    await lchown(source, uid, gid);
  }
  if ((await realpath(source)) !== source || !(await lstat(source)).isDirectory()) {
    throw new VolumeMountError(`${source} is no folder of a sandbox`);
  }
}
