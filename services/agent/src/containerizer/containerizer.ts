import type {
  ContainerConfig,
  ContainerTermination,
  Limitation,
  ResourceLimits,
  ResourceStatistics,
} from './container.js';
import type { ContainerInput } from './terminal/container-input.js';
import type { InsideCommand, InsideEnd } from './inside/inside-command.js';

/**
 * What runs containers: the one interface between the agent's task logic and processes on the node.
 *
 * The order of calls for one container is `create` → `start` → (`update` | `usage` | `kill`)* → termination → `remove`.
 * `create` leaves the process blocked before its first instruction, so that the caller can checkpoint the pid before
 * anything of the task runs. A container outlives the process that created it: `recover` finds it again.
 *
 * Implementations: `oci.containerizer.ts` (crun or runc under conmon), `bare.containerizer.ts` (util-linux and cgroups,
 * no OCI runtime), `process.containerizer.ts` (plain processes, no isolation). They all run `containerizer.conformance.ts`.
 */
export interface Containerizer {
  /** `oci`, `bare` or `process`. */
  readonly name: string;

  /** One line for people: `crun 1.8.1, cgroups v1` or `plain processes (crun not found; limits are not enforced)`. */
  readonly description: string;

  /** Why no container can have an image here, in words for a task's status; undefined where it can. */
  readonly imageRefusal?: string | undefined;

  /**
   * Says that a container is about to be created, as soon as that is known. Optional to call; some milliseconds between
   * this and `create` make `create` as much shorter.
   */
  anticipate?(): void;

  /**
   * Prepares the container (isolators, sandbox streams, cgroups) and creates its blocked init process.
   *
   * @returns what must be checkpointed to find the container again
   * @throws ContainerLaunchError with a message fit for the task's status; nothing of the container is left behind
   */
  create(config: ContainerConfig): Promise<ContainerCheckpoint>;

  /** Lets the created process run. @throws ContainerLaunchError when its executable cannot be run. */
  start(id: string): Promise<void>;

  /** Settles once, when the container has ended and its last statistics are taken. Known containers only. */
  termination(id: string): Promise<ContainerTermination>;

  /** Sends a signal to every process of the container. A container that has ended is left alone. */
  kill(id: string, signal: NodeJS.Signals): Promise<void>;

  /**
   * Runs a command in a running container, beside what runs there: in its namespaces and cgroups, as its user, in its sandbox, with its
   * environment. It ends with the container at the latest.
   *
   * @returns how it ended; without an exit code when it could not be run
   * @throws UnknownContainerError
   */
  runInside(id: string, command: InsideCommand): Promise<InsideEnd>;

  /**
   * Opens the input of a running container that was made with a terminal, by whichever agent.
   *
   * @throws UnknownContainerError, NoTerminalError, or the system's error when the container is ending
   */
  openInput(id: string): Promise<ContainerInput>;

  /** Changes the limits of a running container in place. */
  update(id: string, limits: ResourceLimits): Promise<void>;

  /** Reads what the container, or a command in cgroups of its own, uses now. Fields that this implementation cannot know are absent. */
  usage(id: string): Promise<ResourceStatistics>;

  /** Frees everything but the sandbox: runtime state, cgroups, mounts. Idempotent; ends the container if it still runs. */
  remove(id: string): Promise<void>;

  /**
   * Called once, before anything else: takes back the containers of an earlier run of this agent and removes every
   * container of this agent that is not in `known`.
   *
   * @returns for each known container whether it runs, has ended (with its termination) or left no trace
   */
  recover(known: readonly ContainerCheckpoint[]): Promise<RecoveredContainer[]>;

  /** Stops the agent's own helpers when the agent stops in an orderly way. Containers live on and can be recovered. */
  close?(): Promise<void>;
}

/** Enough to find a container again after a restart of the agent, of any version. JSON-safe. */
export interface ContainerCheckpoint {
  readonly id: string;
  /** Name of the containerizer that made it; an upgrade never changes the runtime of a living container. */
  readonly containerizer: string;
  /** Pid of the container's init in the agent's pid namespace. */
  readonly pid: number;
  /** Field 22 of /proc/PID/stat, clock ticks since boot; with `bootId` it tells a reused pid from the old one. */
  readonly pidStartTicks: string;
  readonly bootId: string;
  /** Private to the containerizer (runtime binary, bundle folder, cgroup paths …). */
  readonly detail: Readonly<Record<string, string>>;
}

export type RecoveredContainer =
  | {
      readonly id: string;
      readonly state: 'running';
      readonly pid: number;
      /** Its process waits to be started, unless the agent died while it was starting it. */
      readonly isBlocked?: true;
      /** What was unreadable of its files, in words for the operator. */
      readonly findings?: readonly string[];
    }
  | {
      readonly id: string;
      readonly state: 'ended';
      readonly termination: ContainerTermination;
      readonly findings?: readonly string[];
    }
  | { readonly id: string; readonly state: 'lost' };

/** A container could not be brought up. The message names the cause as the runtime told it. */
export class ContainerLaunchError extends Error {
  readonly code = 'containerizer/launch-failed';
  constructor(
    message: string,
    readonly containerId: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'ContainerLaunchError';
  }
}

export type { ContainerConfig, ContainerTermination, Limitation, ResourceLimits, ResourceStatistics };
