import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Puts a file in place such that after a crash either the old or the new one is there: written beside it, synced, renamed, the folder
 * synced.
 *
 * @returns the file, open for appending. @throws the system's error; the old file is untouched then
 */
export async function replaceFile(path: string, bytes: Buffer): Promise<FileHandle> {
  const temporary = temporaryOf(path);
  try {
    const written = await open(temporary, 'w', 0o600);
    try {
      await written.writeFile(bytes);
      await written.sync();
    } finally {
      await written.close();
    }
    await rename(temporary, path);
  } catch (error) {
    // On a full disk even what was written in vain is missed.
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
  return open(path, 'a');
}

/** Where the next version of a file is written. */
export const temporaryOf = (path: string): string => `${path}.new`;

/** Makes new names in a folder survive a crash. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Whether a write failed because there is no room, which may come back. */
export const isDiskFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
