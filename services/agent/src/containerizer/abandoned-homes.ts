import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ContainerHome } from './supervision/container-home.js';

/** Of folders that are being taken away. */
const ASIDE = '.abandoned-';

/**
 * Takes away what agents that were killed have left behind in the folder that agents share, as far as nothing is in it. A folder with a trace of a
 * container stays, whoever it belongs to: its agent may come back for it. So does one whose agent lives, and one that names none.
 *
 * A folder is renamed before it is taken apart, and put back if its agent was just being started: that start may fail for it, the next does not.
 *
 * @param parent the folder that agents share
 * @param own name of the folder in it that is this agent's
 * @param removed called with the name of each folder that is gone
 */
export function removeAbandonedHomes(parent: string, own: string, removed: (name: string) => void): void {
  for (const entry of readdirSync(parent, { withFileTypes: true })) {
    const { name } = entry;
    if (!entry.isDirectory() || name === own || !isAbandoned(join(parent, name))) continue;
    const plain = name.startsWith(ASIDE) ? name.slice(ASIDE.length) : name;
    const aside = join(parent, `${ASIDE}${plain}`);
    try {
      if (aside !== join(parent, name)) renameSync(join(parent, name), aside);
      if (isAbandoned(aside)) new ContainerHome(aside).removeIfEmpty();
      else {
        renameSync(aside, join(parent, plain));
        continue;
      }
    } catch {
      // Another agent is doing the same.
      continue;
    }
    if (!existsSync(aside)) removed(plain);
  }
}

function isAbandoned(folder: string): boolean {
  const home = new ContainerHome(folder);
  return home.list().length === 0 && home.claimant() === 'dead';
}
