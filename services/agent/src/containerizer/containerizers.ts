import { assembleBare, openBareContainerizer } from './bare.containerizer.js';
import type { Containerizer } from './containerizer.js';
import { readHostFacts } from './host-facts.js';
import { openOciContainerizer } from './oci.containerizer.js';
import type { ContainerizerContext, ContainerizerKind, Opening, RuntimeName } from './opening.js';
import { assembleProcess, openProcessContainerizer } from './process.containerizer.js';
import type { DiskWatch } from './isolators/disk/du.isolator.js';
import { SYSTEM_PATH } from './processes/system-path.js';
import { UserDirectory } from './processes/user.js';
import { rootFoldersIn } from './rootfs/root-folders.js';
import { AdoptingContainerizer } from './supervision/adopting.containerizer.js';
import { SupervisedContainerizer, type SupervisedOptions } from './supervision/supervised.containerizer.js';

export interface ContainerizerOptions {
  /**
   * Folder for what containers need while they live, private to one agent. Best on a tmpfs (`/run/…`): creating a
   * container there is 2 to 3 ms faster, and nothing in it has a meaning after a boot. It must stay the same for as long
   * as containers of an earlier run are to be found again.
   */
  readonly runtimeDir: string;
  /** Path below every cgroup mount point, unique to the agent: `tranche/agent-1`. Must stay the same, too. */
  readonly cgroupsRoot: string;
  /** `auto` takes the first that works; another one is taken or refused. */
  readonly containerizer?: 'auto' | ContainerizerKind;
  /** Which OCI runtime; `auto` prefers crun, which is twice as fast. */
  readonly runtime?: 'auto' | RuntimeName;
  /** Names of isolators; the default is all that the containerizer can use. */
  readonly isolation?: readonly string[];
  /** PATH on which runtimes and helpers are looked for. */
  readonly searchPath?: string;
  /** How disk use is watched, where that is not the default. */
  readonly disk?: Partial<DiskWatch>;
  /** Folder for what containers with an image change of it: on the disk of the layers, private to one agent. Absent: images are refused. */
  readonly rootfsFolder?: string;
  /** Milliseconds since the epoch, for the time stamps of statistics. */
  readonly now: () => number;
}

/** The containerizer that was asked for cannot run on this machine. */
export class NoContainerizerError extends Error {
  readonly code = 'containerizer/none-works';
  constructor(readonly reasons: readonly string[]) {
    super(`containers cannot be run: ${reasons.join('; ')}`);
    this.name = 'NoContainerizerError';
  }
}

interface ContainerizerEntry {
  readonly name: ContainerizerKind;
  /** Tries it on this machine. */
  readonly open: (context: ContainerizerContext) => Promise<Opening>;
  /** For looking after containers of an earlier run; those of an OCI runtime need none of it any more, only cgroups. */
  readonly adopt: (context: ContainerizerContext) => SupervisedOptions;
}

/** Every containerizer, the one with the most isolation first. A new one is its file and a line here. */
const CONTAINERIZERS: readonly ContainerizerEntry[] = [
  { name: 'oci', open: openOciContainerizer, adopt: assembleBare },
  { name: 'bare', open: openBareContainerizer, adopt: assembleBare },
  { name: 'process', open: openProcessContainerizer, adopt: assembleProcess },
];

/**
 * Chooses and opens the containerizer of this agent: the first in the list that can run `true` in a container.
 *
 * @throws NoContainerizerError when none works, or the one that was asked for does not
 * @throws IsolationError when the list of isolators is wrong
 */
export async function createContainerizer(options: ContainerizerOptions): Promise<Containerizer> {
  const { containerizer: wanted = 'auto', searchPath = SYSTEM_PATH } = options;
  const reasons: string[] = [];
  const facts = readHostFacts(searchPath);
  const context = { options, searchPath, reasons, facts, users: new UserDirectory() };
  for (const { name, open } of CONTAINERIZERS) {
    if (wanted !== 'auto' && wanted !== name) continue;
    const opening = await open(context);
    if (opening.ok) {
      const { rootfses } = rootFoldersIn(options.rootfsFolder);
      return new AdoptingContainerizer(opening.containerizer, async (other) => adopt(other, context), rootfses);
    }
    if (!reasons.includes(opening.reason)) reasons.push(opening.reason);
  }
  throw new NoContainerizerError(reasons);
}

function adopt(name: string, context: ContainerizerContext): SupervisedContainerizer | undefined {
  const entry = CONTAINERIZERS.find((candidate) => candidate.name === name);
  return entry && SupervisedContainerizer.adopt(entry.adopt(context));
}
