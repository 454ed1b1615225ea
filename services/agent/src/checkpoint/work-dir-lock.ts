import { mkdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Another agent uses the work directory: two of them would each believe to be the only one. */
export class WorkDirInUseError extends Error {
  readonly code = 'checkpoint/work-dir-in-use';
  constructor(
    readonly path: string,
    readonly pid: number,
  ) {
    super(`${dirname(dirname(path))} is used by another agent, process ${pid}`);
    this.name = 'WorkDirInUseError';
  }
}

/** Folders that agents of this very process use: its own pid cannot tell them apart. */
const ours = new Set<string>();

/**
 * Sees to it that one agent at a time uses a work directory. A symbolic link names the process by where it leads; one that is gone, or whose pid was given to
 * another process, holds nothing.
 */
export class WorkDirLock {
  private constructor(private readonly path: string) {}

  /** @throws WorkDirInUseError, or the system's error */
  static async take(path: string): Promise<WorkDirLock> {
    if (ours.has(path)) throw new WorkDirInUseError(path, process.pid);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await put(`${process.pid} ${(await startTicksOf(process.pid)) ?? '-'}`, path);
    ours.add(path);
    return new WorkDirLock(path);
  }

  async release(): Promise<void> {
    ours.delete(this.path);
    await rm(this.path, { force: true });
  }
}

/**
 * Makes the link, which only one of several succeeds in; what a process left behind that is gone is removed first. A link that leads nowhere
 * takes no block of the disk, so that it can be made on a full one.
 */
async function put(mine: string, path: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await symlink(mine, path);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 0) throw error;
    }
    const [pid = '', startTicks] = (await holderOf(path)).trim().split(' ');
    if (await isAlive(Number(pid), startTicks)) throw new WorkDirInUseError(path, Number(pid));
    await rm(path, { force: true });
  }
}

/** Versions before this one made a file. */
const holderOf = (path: string): Promise<string> => readlink(path).catch(() => readFile(path, 'utf8').catch(() => ''));

async function isAlive(pid: number, startTicks: string | undefined): Promise<boolean> {
  // Our own pid in the file is of a process before us: what this one uses is known without a file.
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  const now = await startTicksOf(pid);
  if (now !== undefined) return startTicks === now;
  try {
    process.kill(pid, 0);
    return startTicks === '-';
  } catch {
    return false;
  }
}

/** Field 22 of /proc/PID/stat, which tells a process from a later one with its pid; undefined without /proc or without the process. */
async function startTicksOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text
    ?.slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .at(19);
}
