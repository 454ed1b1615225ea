/** Name of the folder there that the runtime folders of all agents are in. */
export const SHARED_FOLDER = 'tranche';

/** Folders that are a tmpfs on most systems and that root may use, best first. */
const CANDIDATES = ['/run', '/dev/shm'];

/**
 * Where an agent's runtime folder is best put: on a tmpfs. Creating a container writes some small files there, which on
 * a disk file system takes half as long again as all the rest, and none of them has a meaning after a boot. Pure.
 *
 * @param mountinfo text of /proc/self/mountinfo; empty off Linux
 * @returns the first candidate that is a tmpfs, undefined when none is
 */
export function chooseRuntimeParent(mountinfo: string): string | undefined {
  const tmpfs = new Set<string>();
  for (const line of mountinfo.split('\n')) {
    const [mount = '', filesystem = ''] = line.split(' - ');
    const point = mount.split(' ')[4];
    if (point === undefined) continue;
    // A later mount on the same folder hides an earlier one.
    if (filesystem.startsWith('tmpfs ')) tmpfs.add(point);
    else tmpfs.delete(point);
  }
  return CANDIDATES.find((folder) => tmpfs.has(folder));
}
