import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SHARED_FOLDER } from '../runtime-folder.js';
import type { ResourceLimits } from '../container.js';
import { isAlive, readProcessStat } from '../processes/process-identity.js';

/** Of the containerizers without an OCI runtime, in the container's folder. */
export const START_PIPE = 'start';
/** Of crun and runc, in their state folder. */
export const OCI_START_PIPE = 'exec.fifo';

/**
 * The files of one agent's containers.
 *
 * ```
 * RUNTIME_DIR/                     private to one agent; best on a tmpfs, it has no meaning after a boot
 *   agent -> PID START             the process that uses the folder, and its start time: others see by it whether the agent lives
 *   launcher.sh                    what the launch shell runs, written at each start
 *   bin/crun                       read-only bind of the runtime, seen in the launch shell's namespace only
 *   rootfs/                        the staged root, mounted in the launch shell's namespace only
 *   state/ID/                      the OCI runtime's own state
 *   containers/ID/                 working folder of the container's supervisor
 *       config.json                OCI: the runtime spec
 *       image                      name of its image, of one that has one
 *       mounts                     OCI, of one with an image: the script that mounts its layers
 *       run  enter  start          bare, process: the command as a script; how to enter; a pipe that holds it back
 *       inside                     bare, process: runs another command in the container
 *       exec-….json                OCI: the process of such a command, while it runs
 *       pid                        OCI: pid of the container's first process; process: its line in /proc
 *       self                       the same line, as the process itself wrote it; process: a command in a container has only this
 *       sandbox -> …               its stdout and stderr are opened through this link
 *       limits.json                limits after the last update
 *       terminal  input            of one that has a terminal: asks for the pipe; the pipe
 *       oom                        conmon: the kernel has killed in this container
 *   probe/                         sandbox of the self-check, while it runs
 *   exits/ID                       exit code of the container's first process, as decimal text
 * ```
 *
 * All calls are synchronous: a handful of small files on a tmpfs, 5 to 20 µs each, which the thread pool would triple.
 */
export class ContainerHome {
  readonly exitsFolder: string;
  readonly stateFolder: string;
  readonly rootfs: string;
  readonly launcherFile: string;
  readonly probeSandbox: string;
  private readonly containersFolder: string;
  private readonly claimFile: string;

  constructor(readonly runtimeDir: string) {
    this.exitsFolder = join(runtimeDir, 'exits');
    this.stateFolder = join(runtimeDir, 'state');
    this.rootfs = join(runtimeDir, 'rootfs');
    this.launcherFile = join(runtimeDir, 'launcher.sh');
    this.probeSandbox = join(runtimeDir, 'probe');
    this.containersFolder = join(runtimeDir, 'containers');
    this.claimFile = join(runtimeDir, 'agent');
  }

  prepare(): void {
    mkdirSync(this.runtimeDir, { recursive: true, mode: 0o711 });
    this.claim();
    for (const folder of [this.exitsFolder, this.stateFolder, this.rootfs, this.containersFolder]) {
      mkdirSync(folder, { recursive: true, mode: 0o711 });
    }
  }

  /** Whether the process that has prepared the folder last still runs; `unknown` when the folder does not say. */
  claimant(): 'alive' | 'dead' | 'unknown' {
    try {
      const [pid = '', startTicks = ''] = readlinkSync(this.claimFile).split(' ');
      return isAlive({ pid: Number(pid), startTicks }) ? 'alive' : 'dead';
    } catch {
      return 'unknown';
    }
  }

  /**
   * Takes everything away that `prepare` and the agent's helpers have made, unless there are containers: then all of it stays, for the
   * next start. Folder by folder and without recursion where something may be mounted: the host's root is, in the launch shell's namespace.
   */
  removeIfEmpty(): void {
    if (this.list().length > 0) return;
    const programs = join(this.runtimeDir, 'bin');
    rmSync(this.probeSandbox, { recursive: true, force: true });
    for (const name of namesIn(programs)) rmSync(join(programs, name), { force: true });
    for (const file of [this.launcherFile, this.claimFile]) rmSync(file, { force: true });
    const made = [this.exitsFolder, this.stateFolder, this.rootfs, this.containersFolder, programs, this.runtimeDir];
    for (const folder of made) removeEmpty(folder);
    // Agents share the folder above; the last one takes it away.
    if (basename(dirname(this.runtimeDir)) === SHARED_FOLDER) removeEmpty(dirname(this.runtimeDir));
  }

  /** In one step: somebody may be reading it. */
  private claim(): void {
    const temporary = `${this.claimFile}.new`;
    rmSync(temporary, { recursive: true, force: true });
    symlinkSync(`${process.pid} ${readProcessStat(process.pid)?.startTicks ?? ''}`, temporary);
    renameSync(temporary, this.claimFile);
  }

  folder(id: string): string {
    return join(this.containersFolder, id);
  }

  has(id: string): boolean {
    return existsSync(this.folder(id));
  }

  /** Makes the folder of a container, or of a command in one, which has no sandbox of its own. @throws when it is there already: ids are never used twice */
  create(id: string, sandbox?: string): string {
    const folder = this.folder(id);
    mkdirSync(folder, { mode: 0o711 });
    if (sandbox !== undefined) symlinkSync(sandbox, join(folder, 'sandbox'));
    return folder;
  }

  write(id: string, name: string, text: string, mode = 0o644): void {
    writeFileSync(join(this.folder(id), name), text, { mode });
  }

  /** Undefined when there is no such file. */
  read(id: string, name: string): string | undefined {
    return readOptional(join(this.folder(id), name));
  }

  /** Text of the exit file; undefined when there is none, or an empty one that a crash left. */
  readExit(id: string): string | undefined {
    return readOptional(join(this.exitsFolder, id)) || undefined;
  }

  /** Whether the container's first process waits at its pipe: whoever starts it takes the pipe away, as crun itself does. */
  isBlocked(id: string): boolean {
    return existsSync(join(this.folder(id), START_PIPE)) || existsSync(join(this.stateFolder, id, OCI_START_PIPE));
  }

  /** Names of all exit files that are complete. */
  exits(): ReadonlySet<string> {
    return new Set(namesIn(this.exitsFolder));
  }

  writeLimits(id: string, limits: ResourceLimits): void {
    this.write(id, 'limits.json', encodeLimits(limits));
  }

  /** Says that the container's input is to be a pipe that the agent writes to, before it is created. */
  wantInput(id: string): void {
    this.write(id, 'terminal', '');
  }

  /** Whether it has a root file system of its own. */
  hasImage(id: string): boolean {
    return existsSync(join(this.folder(id), 'image'));
  }

  /** The pipe that its input comes from; undefined for a container whose input is nothing. */
  inputOf(id: string): string | undefined {
    const pipe = join(this.folder(id), 'input');
    return existsSync(pipe) ? pipe : undefined;
  }

  /** Ids that have left any trace here. */
  list(): string[] {
    const folders = [this.containersFolder, this.exitsFolder, this.stateFolder];
    return [...new Set(folders.flatMap(namesIn))].filter((name) => !name.startsWith('.'));
  }

  remove(id: string): void {
    rmSync(join(this.stateFolder, id), { recursive: true, force: true });
    rmSync(this.folder(id), { recursive: true, force: true });
    rmSync(join(this.exitsFolder, id), { recursive: true, force: true });
  }
}

/** Limits as JSON; `Infinity`, which JSON cannot carry, as text. */
export function encodeLimits(limits: ResourceLimits): string {
  return JSON.stringify(limits, (_, value: unknown) => (value === Number.POSITIVE_INFINITY ? 'Infinity' : value));
}

/** @throws SyntaxError when the text is not what `encodeLimits` makes */
export function decodeLimits(text: string): ResourceLimits {
  const limits = JSON.parse(text, (_, value: unknown) =>
    value === 'Infinity' ? Number.POSITIVE_INFINITY : value,
  ) as Partial<ResourceLimits> | null;
  if (typeof limits?.cpusMilli !== 'number' || typeof limits.memBytes !== 'number') {
    throw new SyntaxError('no limits of a container');
  }
  return limits as ResourceLimits;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readOptional(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** A folder in which something is left stays: it is somebody else's. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EBUSY') throw error;
  }
}
