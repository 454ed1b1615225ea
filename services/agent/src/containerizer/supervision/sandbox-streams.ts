import { chownSync, closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedUser } from '../processes/user.js';

/**
 * Makes `stdout` and `stderr` in a sandbox, unless they are there, and gives them to the container's user: many programs
 * open /dev/stdout anew, which only the owner of the file may do.
 */
export function openStreams(sandbox: string, user: ResolvedUser): void {
  for (const name of ['stdout', 'stderr']) {
    const file = join(sandbox, name);
    closeSync(openSync(file, 'a', 0o644));
    if (user.uid !== process.getuid?.()) chownSync(file, user.uid, user.gid);
  }
}
