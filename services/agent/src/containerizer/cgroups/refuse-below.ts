import type { ContainerNesting } from '../container.js';
import type { CgroupTree } from './cgroup-tree.js';

/** @throws when no cgroups can be made below those of the container around a nested one */
export function refuseBelow(cgroups: CgroupTree, nesting: ContainerNesting | undefined): void {
  if (nesting === undefined || cgroups.canHold(nesting.parentId)) return;
  throw new Error(
    `cgroup v2 allows none below parent container ${nesting.parentId}: it was made by an agent that could have none there`,
  );
}
