import { join } from 'node:path';
import type { ContainerHome } from '../supervision/container-home.js';
import { SWITCH } from '../supervision/command-script.js';
import type { EnteringCommand } from './inside-command.js';

/**
 * How the script that was written when the container was made runs a command.
 *
 * @param switching program and arguments that make another user of the one who enters, none for nobody else; absent: the container's
 * @throws for a container of an agent that wrote none, or one that knows no other user
 */
export function insideArgv(
  home: ContainerHome,
  id: string,
  { args, env }: EnteringCommand,
  switching?: readonly string[],
): readonly [string, ...string[]] {
  const script = home.read(id, 'inside');
  if (script === undefined) throw new Error('the container was made by an agent that could not enter it');
  if (switching !== undefined && !script.includes(SWITCH))
    throw new Error('the container was made by an agent that could not enter it as another user');
  const run = [
    '/bin/sh',
    join(home.folder(id), 'inside'),
    ...(env.length === 0 ? [] : ['env', ...env.map(([name, value]) => `${name}=${value}`)]),
    ...args,
  ] as const;
  return switching === undefined ? run : ['env', `${SWITCH}=${switching.join(' ')}`, ...run];
}
