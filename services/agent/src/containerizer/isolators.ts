import { createCpuController } from './cgroups/cpu-controller.js';
import type { CgroupTree } from './cgroups/cgroup-tree.js';
import { createMemoryController } from './cgroups/memory-controller.js';
import type { Isolator } from './isolator.js';
import { CpuIsolator } from './isolators/cgroups/cpu.isolator.js';
import { MemIsolator } from './isolators/cgroups/mem.isolator.js';
import { DuIsolator, type DiskWatch } from './isolators/disk/du.isolator.js';
import { LinuxFilesystemIsolator } from './isolators/filesystem/linux.isolator.js';
import { PosixFilesystemIsolator } from './isolators/filesystem/posix.isolator.js';
import { PidIsolator } from './isolators/namespaces/pid.isolator.js';
import { PosixCpuIsolator } from './isolators/posix/cpu.isolator.js';
import { PosixMemIsolator } from './isolators/posix/mem.isolator.js';
import type { ProcessLister } from './isolators/posix/posix-isolator.js';
import type { RootFolders } from './rootfs/root-folders.js';

/** What isolators are made from. */
export interface IsolatorEnvironment {
  readonly cgroups: CgroupTree;
  /** Path of tini on the host, if it is there. */
  readonly init?: string;
  readonly listProcesses: ProcessLister;
  readonly disk: DiskWatch;
  /** Of containers with an image; absent where there are none. */
  readonly rootfses?: RootFolders;
}

export interface IsolatorEntry {
  readonly name: string;
  /** Names that must be chosen as well. */
  readonly needs: readonly string[];
  readonly create: (environment: IsolatorEnvironment) => Isolator;
}

/**
 * Every isolator, in the order in which they set a container up; they clean up in reverse.
 * A new one is its file, its spec, its page in docs/isolators and a line here.
 *
 * @source Mesos 1.11: the order of its isolator table
 */
export const ISOLATORS: readonly IsolatorEntry[] = [
  { name: 'filesystem/posix', needs: [], create: ({ rootfses }) => new PosixFilesystemIsolator(rootfses) },
  { name: 'filesystem/linux', needs: [], create: ({ rootfses }) => new LinuxFilesystemIsolator(rootfses) },
  { name: 'posix/cpu', needs: [], create: ({ listProcesses }) => new PosixCpuIsolator(listProcesses) },
  { name: 'posix/mem', needs: [], create: ({ listProcesses }) => new PosixMemIsolator(listProcesses) },
  { name: 'cgroups/cpu', needs: [], create: ({ cgroups }) => new CpuIsolator(createCpuController(cgroups)) },
  { name: 'cgroups/mem', needs: [], create: ({ cgroups }) => new MemIsolator(createMemoryController(cgroups)) },
  { name: 'namespaces/pid', needs: ['filesystem/linux'], create: ({ init }) => new PidIsolator(init) },
  { name: 'disk/du', needs: [], create: ({ disk, rootfses }) => new DuIsolator(disk, rootfses) },
];

/** Isolation of an agent that runs containers. */
export const LINUX_ISOLATION = ['filesystem/linux', 'cgroups/cpu', 'cgroups/mem', 'namespaces/pid', 'disk/du'] as const;

/** Isolation of an agent that can only run plain processes. */
export const POSIX_ISOLATION = ['filesystem/posix', 'posix/cpu', 'posix/mem', 'disk/du'] as const;

/** The list of isolators that an operator gave cannot be used. */
export class IsolationError extends Error {
  readonly code = 'containerizer/bad-isolation';
  constructor(message: string) {
    super(message);
    this.name = 'IsolationError';
  }
}

/**
 * @param names in any order, each once
 * @throws IsolationError naming every fault of the list
 * @source Mesos 1.11: unknown and doubled names are refused, and so is more than one `filesystem/*`
 */
export function createIsolators(names: readonly string[], environment: IsolatorEnvironment): Isolator[] {
  const faults = faultsOf(names);
  if (faults.length > 0) throw new IsolationError(`isolation cannot be used: ${faults.join('; ')}`);
  return ISOLATORS.filter(({ name }) => names.includes(name)).map(({ create }) => create(environment));
}

function faultsOf(names: readonly string[]): string[] {
  const known = new Map(ISOLATORS.map((entry) => [entry.name, entry]));
  const unknown = names.filter((name) => !known.has(name)).map((name) => `unknown isolator "${name}"`);
  const doubled = names.filter((name, index) => names.indexOf(name) !== index).map((name) => `"${name}" given twice`);
  const filesystems = names.filter((name) => name.startsWith('filesystem/'));
  const tooMany = filesystems.length > 1 ? [`only one of ${filesystems.join(', ')} may be given`] : [];
  const missing = names.flatMap((name) =>
    (known.get(name)?.needs ?? [])
      .filter((needed) => !names.includes(needed))
      .map((needed) => `"${name}" needs "${needed}"`),
  );
  return [...unknown, ...doubled, ...tooMany, ...missing];
}
