import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from './replace-file.js';

/**
 * Finds a free name in a folder of what is kept for people to look at, and makes the folder.
 *
 * @param put takes the place; called again with the next name when somebody else was faster
 * @returns the place. @throws the system's error, or what `put` throws
 */
export async function intoQuarantine(
  folder: string,
  path: string,
  put: (place: string) => Promise<void>,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let number = 1; ; number++) {
    const place = join(folder, `${basename(path)}-${number}`);
    try {
      if (existsSync(place)) continue;
      await put(place);
      await syncFolder(folder);
      return place;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Where damaged files of the journal's folder are kept. */
export const quarantineBeside = (path: string): string => join(dirname(path), 'quarantine');
