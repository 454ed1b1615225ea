import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SHARED_FOLDER } from '../runtime-folder.js';
import type { ResourceLimits } from '../container.js';

/**
 * The files of one agent's containers.
 *
 * ```
 * RUNTIME_DIR/                     private to one agent; best on a tmpfs, it has no meaning after a boot
 *   launcher.sh                    what the launch shell runs, written at each start
 *   bin/crun                       read-only bind of the runtime, seen in the launch shell's namespace only
 *   rootfs/                        the staged root, mounted in the launch shell's namespace only
 *   state/ID/                      the OCI runtime's own state
 *   containers/ID/                 working folder of the container's supervisor
 *       config.json                OCI: the runtime spec
 *       run  enter  start          bare, process: the command as a script; how to enter; a pipe that holds it back
 *       inside                     bare, process: runs another command in the container
 *       exec-….json                OCI: the process of such a command, while it runs
 *       pid                        OCI: pid of the container's first process; process: its line in /proc
 *       self                       the same line, as the process itself wrote it
 *       sandbox -> …               its stdout and stderr are opened through this link
 *       limits.json                limits after the last update
 *       oom                        conmon: the kernel has killed in this container
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
  private readonly containersFolder: string;

  constructor(readonly runtimeDir: string) {
    this.exitsFolder = join(runtimeDir, 'exits');
    this.stateFolder = join(runtimeDir, 'state');
    this.rootfs = join(runtimeDir, 'rootfs');
    this.launcherFile = join(runtimeDir, 'launcher.sh');
    this.containersFolder = join(runtimeDir, 'containers');
  }

  prepare(): void {
    for (const folder of [this.exitsFolder, this.stateFolder, this.rootfs, this.containersFolder]) {
      mkdirSync(folder, { recursive: true, mode: 0o711 });
    }
  }

  /**
   * Takes everything away that `prepare` and the agent's helpers have made, unless there are containers: then all of it stays, for the
   * next start. Folder by folder and without recursion where something may be mounted: the host's root is, in the launch shell's namespace.
   */
  removeIfEmpty(): void {
    if (this.list().length > 0) return;
    const programs = join(this.runtimeDir, 'bin');
    for (const name of namesIn(programs)) rmSync(join(programs, name), { force: true });
    rmSync(this.launcherFile, { force: true });
    const made = [this.exitsFolder, this.stateFolder, this.rootfs, this.containersFolder, programs, this.runtimeDir];
    for (const folder of made) removeEmpty(folder);
    // Agents share the folder above; the last one takes it away.
    if (basename(dirname(this.runtimeDir)) === SHARED_FOLDER) removeEmpty(dirname(this.runtimeDir));
  }

  folder(id: string): string {
    return join(this.containersFolder, id);
  }

  has(id: string): boolean {
    return existsSync(this.folder(id));
  }

  /** Makes the container's folder. @throws when it is there already: ids are never used twice */
  create(id: string, sandbox: string): string {
    const folder = this.folder(id);
    mkdirSync(folder, { mode: 0o711 });
    symlinkSync(sandbox, join(folder, 'sandbox'));
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

  writeLimits(id: string, limits: ResourceLimits): void {
    this.write(id, 'limits.json', encodeLimits(limits));
  }

  /** Ids that have left any trace here. */
  list(): string[] {
    const folders = [this.containersFolder, this.exitsFolder, this.stateFolder];
    return [...new Set(folders.flatMap(namesIn))].filter((name) => !name.startsWith('.'));
  }

  remove(id: string): void {
    rmSync(join(this.stateFolder, id), { recursive: true, force: true });
    rmSync(this.folder(id), { recursive: true, force: true });
    rmSync(join(this.exitsFolder, id), { force: true });
  }
}

/** Limits as JSON; `Infinity`, which JSON cannot carry, as text. */
export function encodeLimits(limits: ResourceLimits): string {
  return JSON.stringify(limits, (_, value: unknown) => (value === Number.POSITIVE_INFINITY ? 'Infinity' : value));
}

export function decodeLimits(text: string): ResourceLimits {
  return JSON.parse(text, (_, value: unknown) =>
    value === 'Infinity' ? Number.POSITIVE_INFINITY : value,
  ) as ResourceLimits;
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
