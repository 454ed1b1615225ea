import { constants, realpathSync } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { type AgentPaths, NESTED_SANDBOXES } from '../paths.js';
import { isWithin, parseSandboxPath, targetOf } from './sandbox-path.js';

/** A file or folder of a sandbox that exists. */
export interface SandboxEntry {
  /** As the client named it, without slashes at the end. */
  readonly path: string;
  /** Where it really is, links resolved. */
  readonly realPath: string;
  /** The sandbox itself, links resolved. */
  readonly sandbox: string;
  readonly containerId: string;
}

/** `not-found`: nothing there, or no sandbox · `inaccessible`: it leads out of the sandbox. */
export type Located = { readonly ok: true; readonly entry: SandboxEntry } | NotLocated;
export interface NotLocated {
  readonly ok: false;
  readonly reason: 'not-found' | 'inaccessible';
}

export type Opened = { readonly ok: true; readonly file: FileHandle; readonly sizeBytes: number } | NotOpened;
export interface NotOpened {
  readonly ok: false;
  readonly reason: 'not-found' | 'inaccessible' | 'directory';
}

/** One line of a listing. */
export interface ListedFile {
  readonly name: string;
  /** With the file type, as stat(2) gives it. */
  readonly mode: number;
  readonly mtimeSeconds: number;
  readonly links: number;
  readonly sizeBytes: number;
  readonly uid: number;
  readonly gid: number;
}

/** The agent's own log, where it has a file. @source classic endpoints: files */
export const LOG_PATH = '/slave/log';

const OWN_DESCRIPTORS = '/proc/self/fd';

/**
 * The files of the agent's sandboxes, its log, and nothing else of its disk.
 *
 * What is in a sandbox belongs to its task, which may change it at any moment. So a path is resolved and checked, and the file that was
 * then opened is checked again.
 */
export class SandboxFiles {
  private realWorkDir: string | undefined;

  constructor(
    private readonly paths: AgentPaths,
    private readonly agentId: () => string,
    /** Whose sandbox this is, by its host path: of those whose sandboxes are not called by their ids. */
    private readonly containerAt: (sandbox: string) => string | undefined = () => undefined,
    private readonly logFile?: string,
  ) {}

  /** @throws the system's error for anything but a missing file */
  async locate(path: string): Promise<Located> {
    if (path.replace(/(?<=.)\/+$/u, '') === LOG_PATH) return this.ownLog();
    const parsed = parseSandboxPath(path, this.paths, this.agentId());
    if (parsed === undefined) return NOT_FOUND;
    const { sandbox: named, rest } = parsed;
    if (!isWithin(named, targetOf(named, rest))) return INACCESSIBLE;
    try {
      const sandbox = await realpath(named);
      const realPath = await realpath(targetOf(sandbox, rest));
      if (!isWithin(sandbox, realPath)) return INACCESSIBLE;
      const innermost = join(dirname(named), basename(sandbox), innermostOf(relative(sandbox, realPath)));
      const containerId = this.containerAt(innermost) ?? basename(innermost);
      return { ok: true, entry: { path: path.replace(/\/+$/u, ''), realPath, sandbox, containerId } };
    } catch (error) {
      if (isMissing(error)) return NOT_FOUND;
      if (isBarred(error)) return INACCESSIBLE;
      throw error;
    }
  }

  /** A real path as the agent itself names it: its work directory may be behind a link. */
  watchedPath(realPath: string): string {
    this.realWorkDir ??= realpathSync(this.paths.workDir);
    return join(this.paths.workDir, relative(this.realWorkDir, realPath));
  }

  private async ownLog(): Promise<Located> {
    if (this.logFile === undefined) return NOT_FOUND;
    try {
      const realPath = await realpath(this.logFile);
      return { ok: true, entry: { path: LOG_PATH, realPath, sandbox: realPath, containerId: '' } };
    } catch (error) {
      if (isMissing(error)) return NOT_FOUND;
      throw error;
    }
  }

  /** Opens a plain file for reading; the caller closes it. Pipes and devices count as not found: reading them could wait for ever. */
  async open({ realPath, sandbox }: SandboxEntry): Promise<Opened> {
    let file: FileHandle;
    try {
      file = await open(realPath, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    } catch (error) {
      if (isMissing(error)) return NOT_FOUND;
      if (isBarred(error)) return INACCESSIBLE;
      throw error;
    }
    const refused = await this.refusalOf(file, sandbox);
    if (refused === undefined) return { ok: true, file, sizeBytes: (await file.stat()).size };
    await file.close();
    return refused;
  }

  /** Entries of a folder sorted by name; none for a file. Links are listed as links. */
  async list({ realPath }: SandboxEntry): Promise<ListedFile[]> {
    if (!(await lstat(realPath)).isDirectory()) return [];
    const names = (await readdir(realPath)).toSorted((a, b) => (a < b ? -1 : 1));
    const listed = await Promise.all(names.map((name) => listedFile(realPath, name)));
    return listed.filter((file) => file !== undefined);
  }

  private async refusalOf(file: FileHandle, sandbox: string): Promise<NotOpened | undefined> {
    const stats = await file.stat();
    if (stats.isDirectory()) return { ok: false, reason: 'directory' };
    if (!stats.isFile()) return NOT_FOUND;
    const opened = await readlink(join(OWN_DESCRIPTORS, String(file.fd))).catch(() => undefined);
    // Without /proc the check before opening has to do.
    return opened === undefined || isWithin(sandbox, opened.replace(/ \(deleted\)$/u, '')) ? undefined : INACCESSIBLE;
  }
}

/** @returns undefined for a file that went away while it was listed */
async function listedFile(folder: string, name: string): Promise<ListedFile | undefined> {
  try {
    const { mode, mtimeMs, nlink, size, uid, gid } = await lstat(join(folder, name));
    return { name, mode, mtimeSeconds: Math.floor(mtimeMs / 1000), links: nlink, sizeBytes: size, uid, gid };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Folder of the innermost sandbox that a file is in: that of a task of a group is within that of its executor, and so on inwards.
 *
 * @param way to the file, from the outermost sandbox. @returns likewise; empty for the outermost
 */
function innermostOf(way: string): string {
  const [folder, nested, ...inner] = way.split('/');
  return folder === NESTED_SANDBOXES && nested !== undefined ? join(folder, nested, innermostOf(inner.join('/'))) : '';
}

const NOT_FOUND: NotLocated = { ok: false, reason: 'not-found' };
const INACCESSIBLE: NotLocated = { ok: false, reason: 'inaccessible' };

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ENXIO'].includes(codeOf(error) ?? '');
/** Loops of links, links put in place of the file since it was located, and what the agent's own user may not read. */
const isBarred = (error: unknown): boolean => ['ELOOP', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '');
