import type { Terminal } from './terminal/terminal.js';
import type { ContainerVolume } from './volumes/container-volume.js';

/** Values that describe a container to a containerizer. No Nest, no Mesos messages: the task logic translates. */

/** Limits of one container. An absent or `Infinity` limit is none. */
export interface ResourceLimits {
  /** Guaranteed share, thousandths of a cpu: becomes cpu.shares / cpu.weight. */
  readonly cpusMilli: number;
  /** Ceiling, thousandths of a cpu: becomes the CFS quota. */
  readonly cpusLimitMilli?: number;
  /** Memory asked for, bytes: becomes the soft limit. */
  readonly memBytes: number;
  /** Memory that may not be passed, bytes; over it the kernel kills. Defaults to `memBytes`. */
  readonly memLimitBytes?: number;
  /** What the sandbox may take on disk, bytes; absent for a container that has no disk. */
  readonly diskBytes?: number;
  /** What its persistent volumes may take. */
  readonly volumes?: readonly DiskQuota[];
}

/** A folder that may take so much on disk. JSON-safe. */
export interface DiskQuota {
  /** Absolute, on the host. */
  readonly path: string;
  readonly limitBytes: number;
  /** Of a persistent volume. */
  readonly persistenceId?: string;
  /** False for one that is a disk of its own, whose size is the limit. */
  readonly isEnforced?: boolean;
}

/** Use of one folder that has a quota. */
export interface DiskUsage {
  readonly limitBytes: number;
  /** Absent until it was measured. */
  readonly usedBytes?: number;
  readonly persistenceId?: string;
}

/** What a container has as its root file system instead of the host's. */
export interface ContainerImage {
  /** As it was asked for, for messages. */
  readonly name: string;
  /** Folders on the host with the files of its layers, in the form that overlayfs reads, the topmost first. */
  readonly layers: readonly string[];
  /** Absolute, in the container; made when it is not there. */
  readonly workingDirectory: string;
}

/** Where a container with an image sees its sandbox. @source Mesos 1.11: --sandbox_directory */
export const SANDBOX_INSIDE = '/mnt/mesos/sandbox';

/** How a container lies within another: it shares network, IPC and host name, and its cgroups are below the other's. */
export interface ContainerNesting {
  /** A living container of the same agent. */
  readonly parentId: string;
  /** Whether the parent's limits are all that hold; otherwise the container has its own within them. */
  readonly sharesLimits: boolean;
  /** Whether it sees the parent's processes, and those of others that share them; otherwise it has pids of its own. */
  readonly sharesPids?: boolean;
  /** Of its cgroups below the parent's; the id when absent. */
  readonly name?: string;
}

export interface ContainerConfig {
  /** UUID text. */
  readonly id: string;
  /** argv, argv[0] included; `['sh', '-c', …]` for shell commands. */
  readonly args: readonly string[];
  /**
   * The complete environment of the process, in order. Nothing is inherited from the agent; an OCI runtime adds HOME
   * when it is absent.
   */
  readonly env: readonly (readonly [name: string, value: string])[];
  /** Name of the user to run as; resolved on the host. */
  readonly user: string;
  /** Host path of the sandbox: holds `stdout` and `stderr`, and is the working directory without an image. Exists and belongs to the user. */
  readonly sandbox: string;
  readonly limits: ResourceLimits;
  /** Absent for a container that stands by itself. */
  readonly nesting?: ContainerNesting;
  /** Its input and output: what the terminal shows is in the sandbox's `stdout`. Absent: it has no input. */
  readonly terminal?: Terminal;
  /** Absent: it sees the host's file system. Needs the isolator `filesystem/linux` and an OCI runtime. */
  readonly image?: ContainerImage;
  /** What it sees beside the sandbox, mounted in this order; none when absent. Needs an isolator `filesystem/…`. */
  readonly volumes?: readonly ContainerVolume[];
}

/** A limit that the container ran into and was ended for. */
export interface Limitation {
  readonly resource: 'mem' | 'disk';
  /** Names the limit and the use, as the task's status shows it. */
  readonly message: string;
  readonly limitBytes: number;
  readonly usedBytes: number;
  /** The persistent volume whose limit it is; absent for the sandbox and for memory. */
  readonly persistenceId?: string;
}

export interface ContainerTermination {
  /** Raw wait status as waitpid(2) gives it: exit code × 256, or the signal number; undefined when nobody saw the end. */
  readonly waitStatus?: number;
  /** Set when a limit, not the program, ended the container. */
  readonly limitation?: Limitation;
  /** Last reading before the cgroups went away. */
  readonly statistics?: ResourceStatistics;
}

/** Use of one container at one instant. Seconds, bytes and counts; absent where this machine cannot tell. */
export interface ResourceStatistics {
  /** Seconds since the epoch. */
  readonly timestampSeconds: number;
  readonly cpusUserSeconds?: number;
  readonly cpusSystemSeconds?: number;
  readonly cpusNrPeriods?: number;
  readonly cpusNrThrottled?: number;
  readonly cpusThrottledSeconds?: number;
  /** cpu.shares as cpus. */
  readonly cpusSoftLimit?: number;
  /** CFS quota as cpus. */
  readonly cpusLimit?: number;
  readonly memTotalBytes?: number;
  readonly memRssBytes?: number;
  readonly memAnonBytes?: number;
  readonly memFileBytes?: number;
  readonly memCacheBytes?: number;
  readonly memMappedFileBytes?: number;
  readonly memSwapBytes?: number;
  readonly memUnevictableBytes?: number;
  readonly memMaxBytes?: number;
  readonly memLimitBytes?: number;
  readonly memSoftLimitBytes?: number;
  /** Of the sandbox. */
  readonly diskLimitBytes?: number;
  readonly diskUsedBytes?: number;
  /** Each persistent volume, and the sandbox. */
  readonly diskStatistics?: readonly DiskUsage[];
  readonly processes?: number;
  readonly threads?: number;
}
