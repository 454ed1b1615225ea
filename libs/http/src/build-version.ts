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
export function packageVersion(moduleUrl: string): string {
  const manifest = findPackageJSON(moduleUrl);
  if (manifest === undefined) throw new TypeError(`${moduleUrl} belongs to no package`);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/** Name of the user that this process runs as. One without an entry in the user table, as containers have, is named by its number. */
export function ownUserName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
