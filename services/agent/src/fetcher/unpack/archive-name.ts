import { posix } from 'node:path';
import { BadArchiveError } from '../fetcher.errors.js';

/**
 * Where an archive's entry goes, relative to the folder that it is unpacked in. Pure.
 *
 * @returns parts joined by `/`; empty for the folder itself
 * @throws BadArchiveError for a name that leads out of the folder
 */
export function entryPath(name: string): string {
  if (name.includes('\0')) throw new BadArchiveError(`holds an entry with a NUL in its name`);
  if (name.startsWith('/')) throw new BadArchiveError(`holds ${name}, an absolute path`);
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new BadArchiveError(`holds ${name}, which leads out of the sandbox`);
  return parts.join('/');
}

/**
 * Checks where a symbolic link of an archive leads, by its text. Pure. What the text cannot tell, links through links, does no harm:
 * nothing is written through them.
 *
 * @param path of the link, as `entryPath` gave it
 * @throws BadArchiveError for one that leads out of the folder
 */
export function checkLink(path: string, target: string): void {
  const way = posix.normalize(posix.join(posix.dirname(path), target));
  if (target === '' || target.startsWith('/') || way === '..' || way.startsWith('../')) {
    throw new BadArchiveError(`holds the link ${path} -> ${target}, which leads out of the sandbox`);
  }
}
