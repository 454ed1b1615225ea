import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const RETRY_MS = 2;
const REMOVE_ATTEMPTS = 250;

/** A container's cgroups could not be made, emptied or removed. */
export class CgroupError extends Error {
  readonly code = 'containerizer/cgroup-failed';
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'CgroupError';
  }
}

/** Removes a cgroup and all below it. They stay busy for a moment after their last process: tried again. @throws CgroupError */
export async function removeCgroup(folder: string): Promise<void> {
  for (const child of foldersIn(folder)) await removeCgroup(join(folder, child));
  for (let attempt = 1; !tryRemove(folder); attempt++) {
    if (attempt === REMOVE_ATTEMPTS) throw new CgroupError(`cgroup ${folder} stays busy`);
    await delay(RETRY_MS);
  }
}

/** @returns whether the folder is gone */
export function tryRemove(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** A new v1 cpuset has no cpus and takes no process until it gets some: those of its parent, from the top down. */
export function inheritCpuset(mount: string, path: string): void {
  if (!existsSync(join(mount, path, 'cpuset.cpus')) || existsSync(join(mount, path, 'cgroup.controllers'))) return;
  let parent = mount;
  for (const part of path.split('/')) {
    const child = join(parent, part);
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      if (readText(join(child, file)).trim() !== '') continue;
      writeFileSync(join(child, file), readText(join(parent, file)));
    }
    parent = child;
  }
}

/** Pids in a cgroup and all below it. */
export function processesBelow(folder: string): number[] {
  const own = readWords(join(folder, 'cgroup.procs')).map(Number);
  return [...own, ...foldersIn(folder).flatMap((child) => processesBelow(join(folder, child)))];
}

/** Names; none for a folder that is not there. */
export function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}

export function readWords(file: string): string[] {
  return readText(file).split(/\s+/).filter(Boolean);
}

/** Empty for a file that is not there. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
