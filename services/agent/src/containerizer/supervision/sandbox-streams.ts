import { closeSync, constants, fchownSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedUser } from '../processes/user.js';

/**
 * Makes `stdout` and `stderr` in a sandbox, unless they are there, and gives them to the container's user: many programs
 * open /dev/stdout anew, which only the owner of the file may do.
 *
 * @throws when one of them is a symbolic link: what was fetched into the sandbox must not lead the agent elsewhere
 */
export function openStreams(sandbox: string, user: ResolvedUser): void {
  for (const name of ['stdout', 'stderr']) {
    const file = join(sandbox, name);
    const descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
    try {
      if (user.uid !== process.getuid?.()) fchownSync(descriptor, user.uid, user.gid);
    } finally {
      closeSync(descriptor);
    }
  }
}
