import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes an agent's own folders in each hierarchy; those of its containers are gone with them. */
export async function removeCgroups(root: string): Promise<void> {
  const mounts = await readdir('/sys/fs/cgroup', { withFileTypes: true }).catch(() => []);
  for (const mount of mounts) {
    for (const path of [join('/sys/fs/cgroup', mount.name, root), join('/sys/fs/cgroup', mount.name, `${root}.crun`)]) {
      const below = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
      const folders = below.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
      for (const folder of [path, ...folders].toReversed()) await rmdir(folder).catch(() => undefined);
    }
  }
}
