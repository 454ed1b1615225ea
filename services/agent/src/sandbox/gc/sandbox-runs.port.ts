import type { SandboxOf } from '../../paths.js';

/** A sandbox that is on the disk. */
export interface SandboxRun extends SandboxOf {
  /** Of its folder, milliseconds since the epoch: the end of the run at the latest, if an agent was there. */
  readonly changedAtMs: number;
}

/** The sandboxes on the agent's disk. */
export interface SandboxRuns {
  /** All that are there, of this agent and of those that had its work directory before. */
  list(): Promise<SandboxRun[]>;

  /** Host path of a run's sandbox. */
  pathOf(run: SandboxOf): string;

  /** Host paths of the sandboxes of containers that stand alone. They belong to whoever launched them, and are not collected. */
  standalone(): Promise<string[]>;

  /** Marks the end of a run. One that is gone is left alone. */
  touch(run: SandboxOf): Promise<void>;

  /** Part of the disk that is in use, 0 to 1. */
  usedFraction(): Promise<number>;

  /**
   * Removes a sandbox, and the folders above it as far as nothing else is in them.
   *
   * @throws when something in it could not be removed, or something is mounted in it that cannot be unmounted
   */
  remove(run: SandboxOf): Promise<void>;
}
