import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import { chmod, lstat, mkdir, readdir, readlink, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What a file looks like from outside. */
export interface FileTraits {
  /** Permissions, without the type of the file. */
  readonly mode: number;
  readonly mtimeMs: number;
}

/** Something in a local folder, or the folder itself. */
export interface LocalEntry extends FileTraits {
  /** Below what was walked, its own name first. */
  readonly path: readonly string[];
  readonly kind: 'folder' | 'file' | 'link' | 'other';
  readonly sizeBytes: number;
  /** What a link says. */
  readonly target?: string | undefined;
}

/** @returns undefined when there is nothing; of a link, what it leads to */
export async function kindOf(path: string): Promise<'folder' | 'file' | 'other' | undefined> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return 'folder';
    return found.isFile() ? 'file' : 'other';
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** A file, or a folder with all that is in it, each before what it holds. The path itself is followed if it is a link, what is below is not. */
export async function* walk(root: string): AsyncGenerator<LocalEntry> {
  yield* walkBelow(root, [basename(root)], await stat(root));
}

async function* walkBelow(root: string, path: readonly string[], found: Stats): AsyncGenerator<LocalEntry> {
  const place = join(root, ...path.slice(1));
  const isLink = found.isSymbolicLink();
  yield {
    path,
    kind: isLink ? 'link' : found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'other',
    mode: found.mode & 0o7777,
    mtimeMs: found.mtimeMs,
    sizeBytes: found.isFile() ? found.size : 0,
    ...(isLink && { target: await readlink(place) }),
  };
  if (!found.isDirectory()) return;
  for (const name of (await readdir(place)).toSorted()) {
    yield* walkBelow(root, [...path, name], await lstat(join(place, name)));
  }
}

/** The first `sizeBytes` bytes of a file: it may grow while it is read. */
export function openFile(path: string, sizeBytes: number): Readable {
  return createReadStream(path, { end: Math.max(0, sizeBytes - 1) });
}

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
}

/** Writes a file beside its place first: what broke off never looks whole, and leaves nothing behind. */
export async function saveFile(path: string, bytes: AsyncIterable<Uint8Array>, traits?: FileTraits): Promise<void> {
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    await pipeline(bytes, createWriteStream(part, { flags: 'wx' }));
    if (traits !== undefined) await setTraits(part, traits);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

export async function setTraits(path: string, { mode, mtimeMs }: FileTraits): Promise<void> {
  await chmod(path, mode);
  await utimes(path, mtimeMs / 1000, mtimeMs / 1000);
}
