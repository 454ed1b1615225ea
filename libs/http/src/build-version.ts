import { readFileSync, statSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ClassicVersion } from '@tranche/mesos-api';

/**
 * What a service was built from, as `/version` tells it: the version of its package, and when the compiler wrote its code.
 *
 * @param moduleUrl `import.meta.url` of one of the package's modules: its file gives the time
 */
export function buildVersion(moduleUrl: string): ClassicVersion {
  const builtAt = statSync(fileURLToPath(moduleUrl)).mtime;
  return {
    version: packageVersion(moduleUrl),
    buildDate: `${builtAt.toISOString().slice(0, 19).replace('T', ' ')} UTC`,
    buildTimeSeconds: Math.floor(builtAt.getTime() / 1000),
    buildUser: ownUserName(),
  };
}

/** Version of the package that a module belongs to. */
export const packageVersion = (moduleUrl: string): string => manifestOf(moduleUrl).version;

/** The commit that a module's package was built from: the image's build writes it down. `unknown` for one that runs from a working tree. */
export const packageCommit = (moduleUrl: string): string => manifestOf(moduleUrl).gitHead ?? 'unknown';

function manifestOf(moduleUrl: string): { readonly version: string; readonly gitHead?: string } {
  const path = findPackageJSON(moduleUrl);
  if (path === undefined) throw new TypeError(`${moduleUrl} belongs to no package`);
  return JSON.parse(readFileSync(path, 'utf8')) as { version: string; gitHead?: string };
}

/** Name of the user that this process runs as. One without an entry in the user table, as containers have, is named by its number. */
export function ownUserName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
