import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@tranche/telemetry';
import type { AgentConfig } from './agent.config.js';
import { removeAbandonedHomes } from './containerizer/abandoned-homes.js';
import { CgroupTree } from './containerizer/cgroups/cgroup-tree.js';
import type { Containerizer } from './containerizer/containerizer.js';
import { createContainerizer } from './containerizer/containerizers.js';
import type { DiskWatch } from './containerizer/isolators/disk/du.isolator.js';
import { readHostFacts } from './containerizer/host-facts.js';
import { SYSTEM_PATH } from './containerizer/processes/system-path.js';
import { chooseRuntimeParent, SHARED_FOLDER } from './containerizer/runtime-folder.js';
import type { AgentPaths } from './paths.js';

/**
 * Opens what runs containers, with places of its own for this work directory: several agents on one machine must not find each other's.
 * Empty places that agents which were killed have left are taken away.
 *
 * @param measure bytes that a folder takes on its disk
 * @throws NoContainerizerError, IsolationError
 */
export async function openContainerizer(
  config: AgentConfig,
  paths: AgentPaths,
  clock: Clock,
  measure: DiskWatch['measure'],
): Promise<Containerizer> {
  const name = `agent-${createHash('sha256').update(paths.workDir).digest('hex').slice(0, 12)}`;
  const isolation = config.isolation.split(',').filter((isolator) => isolator !== '');
  const shared = config.runtimeDir === undefined ? runtimeFolder() : undefined;
  const containerizer = await createContainerizer({
    rootfsFolder: paths.rootfses,
    runtimeDir: config.runtimeDir ?? (shared === undefined ? paths.runtime : join(shared, name)),
    cgroupsRoot: `${config.cgroupsRoot}/${name}`,
    containerizer: config.containerizer,
    runtime: config.runtime,
    ...(isolation.length === 0 ? {} : { isolation }),
    now: () => clock.nowMs(),
    disk: { measure, intervalMs: config.containerDiskWatchIntervalMs, enforces: config.enforceContainerDiskQuota },
  });
  if (shared !== undefined) {
    const { cgroups } = readHostFacts(SYSTEM_PATH);
    const removeCgroups = (other: string): void =>
      new CgroupTree(cgroups, `${config.cgroupsRoot}/${other}`).removeRoot();
    removeAbandonedHomes(shared, name, removeCgroups);
  }
  return containerizer;
}

/**
 * Where the runtime folders of agents are: in memory where root has a tmpfs, which is faster, and gone after a reboot, as the containers are.
 * Undefined for others: their plain processes gain nothing from it.
 */
function runtimeFolder(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const parent = chooseRuntimeParent(mountinfo());
  if (parent === undefined) return undefined;
  const folder = join(parent, SHARED_FOLDER);
  return isPrivate(folder) ? folder : undefined;
}

/**
 * Makes a folder, or takes the one that is there if it is this user's alone to change. /dev/shm is open to everybody: a folder that
 * somebody else has put there first could have its programs exchanged before they are run as root.
 */
export function isPrivate(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o711 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
  }
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found !== undefined && found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

function mountinfo(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}
