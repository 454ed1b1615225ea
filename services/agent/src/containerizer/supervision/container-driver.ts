import type { ContainerConfig, ContainerNesting } from '../container.js';
import type { EnteringCommand } from '../inside/inside-command.js';
import type { MergedContribution } from '../oci/runtime-spec.js';
import type { ResolvedUser } from '../processes/user.js';

/** A way into a container, for one command. */
export interface Entry {
  readonly argv: readonly [string, ...string[]];
  /** Ends what is left of the command, and removes what was made for it. */
  readonly release: () => Promise<void>;
}

/** All that is needed to create one container. */
export interface CreateRequest {
  readonly config: ContainerConfig;
  readonly user: ResolvedUser;
  /** What the isolators contribute. */
  readonly contribution: MergedContribution;
  /** Pid of the first process of the container around it, for a nested one. */
  readonly parentPid?: number;
}

/**
 * What differs between the containerizers: how a container's first process comes into being under a supervisor that
 * outlives the agent and writes an exit file, how it is let go, signalled and cleared away.
 */
export interface ContainerDriver {
  readonly name: string;
  readonly description: string;
  /** Whether containers may have an image. */
  readonly mountsImages: boolean;

  /** Called once, before anything else. */
  open(): Promise<void>;

  /** A container is about to be created: begins what takes time and can be begun without knowing which. */
  anticipate(): void;

  /** Says that a container lies within another, before it is created or taken back. */
  nest(id: string, nesting: ContainerNesting): void;

  /**
   * Creates the blocked first process. The container's folder is there already.
   *
   * @returns its pid in the agent's namespace
   * @throws with the runtime's own words; the caller clears away
   */
  create(request: CreateRequest): Promise<number>;

  /** Lets the created process run. */
  start(id: string): Promise<void>;

  /**
   * The program that runs a command in a running container: in its namespaces and cgroups, as its user, with its environment.
   *
   * @param pid of the container's first process
   * @returns its argv, and what to call when it has ended
   * @throws when the container was made by an agent that did not know how
   */
  enter(id: string, pid: number, command: EnteringCommand): Entry;

  signal(id: string, pid: number, signal: NodeJS.Signals): Promise<void>;

  /** Kills what is left of a container: after the end of its first process, or of one that is nobody's. Idempotent. */
  destroy(id: string): Promise<void>;

  /** Frees what lies outside the container's folder, once no process is left. Idempotent. */
  release(id: string): Promise<void>;

  /** Ids that have left a trace outside their folders. */
  list(): string[];

  /** Stops helpers of the agent; containers live on. */
  close(): Promise<void>;
}
