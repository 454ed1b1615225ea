import type { CgroupTree } from '../cgroups/cgroup-tree.js';
import type { InsideGroup } from './inside-command.js';

/**
 * Makes the cgroups that a command gets within a container's; without a group they are the container's own.
 *
 * @returns the id that they are known by, and what to call when the command has ended: it ends all that is left of it
 */
export function openGroup(
  cgroups: CgroupTree,
  containerId: string,
  group: InsideGroup | undefined,
): { readonly id: string; readonly release: () => Promise<void> } {
  if (group === undefined) return { id: containerId, release: async () => undefined };
  const { id, name } = group;
  cgroups.nestGroup(id, containerId, name);
  cgroups.createGroup(id);
  return {
    id,
    release: async () => {
      await cgroups.kill(id);
      await cgroups.remove(id);
    },
  };
}
