import { statSync } from 'node:fs';
import { join } from 'node:path';

/** Where a program is looked for when the container's environment has no PATH. @source execvp(3) of the GNU C library */
const DEFAULT_PATH = '/bin:/usr/bin';

const ANY_EXECUTE_BIT = 0o111;

/**
 * Why a program cannot be run, in the words of the runtimes; undefined when it can.
 *
 * Asked before the container is created: the init that becomes PID 1 is always there, so the runtime itself would not
 * see that the container's own program is missing.
 *
 * @param file argv[0]; with a slash it is a path, relative to the working directory
 * @param path value of the container's PATH
 */
export function whyNotExecutable(file: string, path: string | undefined, cwd: string): string | undefined {
  if (file.includes('/')) {
    const reason = refusalOf(file.startsWith('/') ? file : join(cwd, file));
    return reason && `open \`${file}\`: ${reason}`;
  }
  const folders = (path ?? DEFAULT_PATH).split(':');
  const found = folders.some((folder) => refusalOf(join(folder === '' ? cwd : folder, file)) === undefined);
  return found ? undefined : `executable file \`${file}\` not found in $PATH: No such file or directory`;
}

function refusalOf(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return 'No such file or directory';
  if (stat.isDirectory()) return 'Is a directory';
  return (stat.mode & ANY_EXECUTE_BIT) === 0 ? 'Permission denied' : undefined;
}
