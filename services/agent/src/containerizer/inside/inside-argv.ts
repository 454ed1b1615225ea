import { join } from 'node:path';
import type { ContainerHome } from '../supervision/container-home.js';
import type { EnteringCommand } from './inside-command.js';

/**
 * How the script that was written when the container was made runs a command.
 *
 * @throws for a container of an agent that wrote none
 */
export function insideArgv(
  home: ContainerHome,
  id: string,
  { args, env }: EnteringCommand,
): readonly [string, ...string[]] {
  if (home.read(id, 'inside') === undefined)
    throw new Error('the container was made by an agent that could not enter it');
  return [
    '/bin/sh',
    join(home.folder(id), 'inside'),
    ...(env.length === 0 ? [] : ['env', ...env.map(([name, value]) => `${name}=${value}`)]),
    ...args,
  ];
}
