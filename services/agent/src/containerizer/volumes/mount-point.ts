import { lchown, lstat, mkdir, open, stat, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { VolumeMountError } from './container-volume.js';

/**
 * Finds or makes the place in a sandbox where a volume is to be seen.
 *
 * Every folder on the way is made if it is missing, for the sandbox's owner. None of them may be a symbolic link: what was fetched into the
 * sandbox could lead the agent elsewhere.
 *
 * @param isFile makes an empty file at the end instead of a folder
 * @returns the absolute path. @throws VolumeMountError, or the system's error
 */
export async function mountPointIn(sandbox: string, containerPath: string, isFile: boolean): Promise<string> {
  const parts = partsOf(containerPath);
  const owner = await stat(sandbox);
  let path = sandbox;
  for (const [index, part] of parts.entries()) {
    path = join(path, part);
    const wantsFile = isFile && index === parts.length - 1;
    if (await make(path, wantsFile)) await lchown(path, owner.uid, owner.gid);
    else await check(path, wantsFile, containerPath);
  }
  return path;
}

/** Makes a symbolic link in a sandbox to a volume; the folders on the way likewise. @throws VolumeMountError, or the system's error */
export async function linkIn(sandbox: string, containerPath: string, target: string): Promise<void> {
  const parts = partsOf(containerPath);
  const parent = parts.length === 1 ? sandbox : await mountPointIn(sandbox, dirname(parts.join('/')), false);
  const path = join(parent, parts.at(-1) ?? '');
  const owner = await stat(sandbox);
  try {
    await symlink(target, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new VolumeMountError(`there is something at ${containerPath} in the sandbox already`);
  }
  await lchown(path, owner.uid, owner.gid);
}

/** @throws VolumeMountError for a path that is absolute, empty, or leaves the sandbox */
function partsOf(containerPath: string): string[] {
  const parts = containerPath.split('/').filter((part) => part !== '' && part !== '.');
  if (isAbsolute(containerPath) || parts.length === 0 || parts.includes('..')) {
    throw new VolumeMountError(`container path '${containerPath}' is not below the sandbox`);
  }
  return parts;
}

/** @returns false when something is there already */
async function make(path: string, isFile: boolean): Promise<boolean> {
  try {
    if (isFile) await (await open(path, 'wx', 0o644)).close();
    else await mkdir(path, { mode: 0o755 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function check(path: string, isFile: boolean, containerPath: string): Promise<void> {
  const there = await lstat(path);
  if (isFile ? there.isFile() : there.isDirectory()) return;
  const kind = there.isSymbolicLink() ? 'a symbolic link' : isFile ? 'no file' : 'no folder';
  throw new VolumeMountError(`container path '${containerPath}' leads over ${kind}`);
}
