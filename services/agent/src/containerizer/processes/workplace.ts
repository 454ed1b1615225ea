import { readdirSync, statSync } from 'node:fs';

/**
 * Pids of the processes that have this folder as their working directory.
 *
 * @returns undefined where the system does not tell
 */
export function workersIn(folder: string): number[] | undefined {
  const wanted = placeOf(folder);
  if (wanted === undefined) return [];
  // By inode: a process in another mount namespace may see the folder under another path.
  return processes()?.filter((pid) => placeOf(`/proc/${pid}/cwd`) === wanted);
}

function processes(): number[] | undefined {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return undefined;
  }
}

function placeOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}
