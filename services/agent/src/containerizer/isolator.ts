import type { ContainerImage, Limitation, ResourceLimits, ResourceStatistics } from './container.js';
import type { SpecContribution } from './oci/runtime-spec.js';
import type { ContainerVolume } from './volumes/container-volume.js';

/** What an isolator is told before the container exists. */
export interface ContainerPlan {
  readonly id: string;
  readonly limits: ResourceLimits;
  /** Host path of the sandbox. */
  readonly sandbox: string;
  /** What it sees beside the sandbox; none when absent. */
  readonly volumes?: readonly ContainerVolume[];
  /** Absent for one that sees the host's file system. */
  readonly image?: ContainerImage;
}

/** A container that lives on from an earlier run of the agent. */
export interface RecoveredPlan extends ContainerPlan {
  readonly pid: number;
}

/**
 * One aspect of isolation, switched on by its name in the agent's isolation list. It contributes to the runtime spec
 * and reads or writes control files; it never starts a process.
 *
 * Order of calls for one container: `prepare` → `isolate` → `watch` → (`update` | `usage`)* → `limitationAtEnd` →
 * `cleanup`. Set-up runs down the list of isolators, clean-up runs back up. All but `prepare` may be called for a
 * container whose cgroups are gone already: then they do nothing.
 */
export interface Isolator {
  /** As operators write it: `cgroups/cpu`. */
  readonly name: string;

  /** Before the container exists: what it adds to the spec. Throws to refuse the container. */
  prepare(container: ContainerPlan): Promise<SpecContribution>;

  /** The container is created and blocked before its first instruction. */
  isolate(id: string, pid: number): Promise<void>;

  /** Settles once: with the limit that was hit, or with undefined when `stop` fires before that. */
  watch(id: string, stop: AbortSignal): Promise<Limitation | undefined>;

  /** The container has ended, its cgroups are still there: was it a limit that ended it? */
  limitationAtEnd(id: string): Promise<Limitation | undefined>;

  /** Applies new limits in place. Throws when the kernel refuses them; those before it stay in force. */
  update(id: string, limits: ResourceLimits): Promise<void>;

  /** The fields that this isolator knows. */
  usage(id: string): Promise<Partial<ResourceStatistics>>;

  /** Called once after a restart of the agent: takes up what lives on, forgets what is orphaned. */
  recover(known: readonly RecoveredPlan[], orphans: readonly string[]): Promise<void>;

  /** Idempotent, also after a half-done `prepare`. */
  cleanup(id: string): Promise<void>;
}

const NOTHING: SpecContribution = {};
const NO_STATISTICS: Partial<ResourceStatistics> = {};

/** Does nothing at every step: an isolator overrides what it needs. */
export abstract class BaseIsolator implements Isolator {
  abstract readonly name: string;

  async prepare(_container: ContainerPlan): Promise<SpecContribution> {
    return NOTHING;
  }

  async isolate(_id: string, _pid: number): Promise<void> {}

  async watch(_id: string, stop: AbortSignal): Promise<Limitation | undefined> {
    return new Promise((resolve) => {
      if (stop.aborted) resolve(undefined);
      else stop.addEventListener('abort', () => resolve(undefined), { once: true });
    });
  }

  async limitationAtEnd(_id: string): Promise<Limitation | undefined> {
    return undefined;
  }

  async update(_id: string, _limits: ResourceLimits): Promise<void> {}

  async usage(_id: string): Promise<Partial<ResourceStatistics>> {
    return NO_STATISTICS;
  }

  async recover(_known: readonly RecoveredPlan[], _orphans: readonly string[]): Promise<void> {}

  async cleanup(_id: string): Promise<void> {}
}
