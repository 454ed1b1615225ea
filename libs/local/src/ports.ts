import { LocalStartError } from './local.errors.js';
import { listenerOf } from './process-table.js';

/** Makes the error of a failed `listen` one that names who has the port. Other errors are returned as they are. */
export async function explainListenError(error: unknown, port: number, flag: string): Promise<unknown> {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES') {
    return new LocalStartError(
      'local/port-in-use',
      `port ${port} may not be used by this user`,
      [`another one: npm start -- ${flag}`],
      {
        cause: error,
      },
    );
  }
  if (code !== 'EADDRINUSE') return error;
  const holder = await listenerOf(port).catch(() => undefined);
  const who = holder === undefined ? 'another process' : `${holder.command} (pid ${holder.pid})`;
  return new LocalStartError(
    'local/port-in-use',
    `port ${port} is in use by ${who}`,
    [`another one: npm start -- ${flag}`],
    {
      cause: error,
    },
  );
}
