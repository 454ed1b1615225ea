import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ClassicVersion } from '@tranche/mesos-api';

/** What this process was built from: the version of the package, and when this very file was written by the compiler. */
export function buildVersion(): ClassicVersion {
  const manifest = fileURLToPath(new URL('../../package.json', import.meta.url));
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const builtAt = statSync(fileURLToPath(import.meta.url)).mtime;
  return {
    version,
    buildDate: `${builtAt.toISOString().slice(0, 19).replace('T', ' ')} UTC`,
    buildTimeSeconds: Math.floor(builtAt.getTime() / 1000),
    buildUser: ownUserName(),
  };
}

/** Name of the user that this process runs as; a user without a name is shown as a number. */
export function ownUserName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
