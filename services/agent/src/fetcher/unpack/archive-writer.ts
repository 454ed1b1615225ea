import { link, lstat, mkdir, open, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { BadArchiveError } from '../fetcher.errors.js';
import { checkLink, entryPath } from './archive-name.js';

/** Set-user-id and the like are not taken over: what an archive brings runs with the rights of its task alone. */
const MODE_BITS = 0o777;

/** What an archive says of an entry beside its name. */
export interface EntryFacts {
  readonly mode?: number;
  readonly modifiedAt?: Date;
}

/**
 * Writes the entries of one archive into a folder, and nowhere else: names and links are checked, and nothing is written through links.
 *
 * The files belong to the user of this process.
 */
export class ArchiveWriter {
  private written = 0;
  /** Folders that were checked: archives name the same ones again and again. */
  private readonly checked = new Set<string>();

  /**
   * @param root the folder
   * @param maxBytes largest content of all files together
   */
  constructor(
    private readonly root: string,
    private readonly maxBytes: number,
  ) {}

  async folder(name: string, { mode = 0o755 }: EntryFacts): Promise<void> {
    const path = entryPath(name);
    if (path === '') return;
    // Its owner must be able to fill it.
    await this.makeFolder(path, (mode & MODE_BITS) | 0o700);
  }

  async file(name: string, body: Readable, { mode = 0o644, modifiedAt }: EntryFacts): Promise<void> {
    const target = await this.clear(entryPath(name), name);
    const file = await open(target, 'wx', mode & MODE_BITS);
    try {
      await file.writeFile(this.metered(body));
      if (modifiedAt !== undefined) await file.utimes(modifiedAt, modifiedAt);
    } finally {
      await file.close();
    }
  }

  async symlink(name: string, target: string): Promise<void> {
    const path = entryPath(name);
    checkLink(path, target);
    await symlink(target, await this.clear(path, name));
    this.checked.clear();
  }

  /** @param existing name of an earlier entry */
  async hardlink(name: string, existing: string): Promise<void> {
    const path = entryPath(name);
    const original = entryPath(existing);
    await this.makeFolder(dirname(original), 0o755);
    const source = join(this.root, original);
    const stats = await lstat(source).catch(() => undefined);
    if (stats?.isFile() !== true)
      throw new BadArchiveError(`holds the link ${name} to ${existing}, which is no file of it`);
    const target = await this.clear(path, name);
    await link(source, target);
  }

  /** Makes place for an entry. @returns its host path */
  private async clear(path: string, name: string): Promise<string> {
    if (path === '') throw new BadArchiveError(`holds an entry named "${name}"`);
    await this.makeFolder(dirname(path), 0o755);
    const target = join(this.root, path);
    const stats = await lstat(target).catch(() => undefined);
    if (stats?.isDirectory() === true) throw new BadArchiveError(`holds ${name}, in whose place there is a folder`);
    if (stats !== undefined) await rm(target);
    return target;
  }

  /** Makes a folder and those above it, each checked before something is made in it. */
  private async makeFolder(path: string, mode: number): Promise<void> {
    if (path === '.' || path === '' || this.checked.has(path)) return;
    await this.makeFolder(dirname(path), 0o755);
    const folder = join(this.root, path);
    await mkdir(folder, { mode }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const stats = await lstat(folder);
    if (stats.isSymbolicLink()) throw new BadArchiveError(`holds something below ${path}, a link`);
    if (!stats.isDirectory()) throw new BadArchiveError(`holds something below ${path}, which is no folder`);
    this.checked.add(path);
  }

  private async *metered(body: Readable): AsyncGenerator<Buffer> {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      this.written += chunk.length;
      if (this.written > this.maxBytes) {
        throw new BadArchiveError(`holds more than the ${this.maxBytes} bytes that are allowed`);
      }
      yield chunk;
    }
  }
}
