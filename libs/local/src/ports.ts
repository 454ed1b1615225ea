import { LocalStartError } from './local.errors.js';
import { listenerOf } from './process-table.js';

/** Makes the error of a failed `listen` one that names who has the port. Other errors are returned as they are. */
export async function explainListenError(error: unknown, port: number, flag: string): Promise<unknown> {
  const { code } = error as NodeJS.ErrnoException;
  const hints = [`another one: npm start -- ${flag}`];
  if (code === 'EACCES') {
    return new LocalStartError('local/port-in-use', `port ${port} may not be used by this user`, hints, {
      cause: error,
    });
  }
  if (code !== 'EADDRINUSE') return error;
  const text = `port ${port} is in use by ${await describeListener(port)}`;
  return new LocalStartError('local/port-in-use', text, hints, { cause: error });
}

async function describeListener(port: number): Promise<string> {
  try {
    const holder = await listenerOf(port);
    if (holder !== undefined) return `${holder.command} (pid ${holder.pid})`;
  } catch {
    // Who may not look into /proc still learns that the port is taken.
  }
  return 'another process';
}
