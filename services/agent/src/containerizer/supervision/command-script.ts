import type { ContainerConfig } from '../container.js';
import type { SpecMount } from '../oci/runtime-spec.js';
import type { ResolvedUser } from '../processes/user.js';

/** How a command is run by the shell of a container without an OCI runtime. */
export interface CommandSetup {
  /** Absolute path of setpriv, when the user has to be switched. */
  readonly setpriv?: string;
  /** Program and arguments that run the command as their child. */
  readonly init: readonly string[];
  /** Bind mounts to be made first, in the mount namespace that the script runs in. */
  readonly mounts?: readonly SpecMount[];
}

/**
 * The script that becomes a container's command. Pure.
 *
 * It writes down who it is, should the agent die before it can; waits until the agent lets it go; and turns into
 * the command with exactly the environment that was asked for.
 */
export function composeCommandScript(config: ContainerConfig, user: ResolvedUser, setup: CommandSetup): string {
  const environment = config.env.map(([name, value]) => `${name}=${value}`);
  const command = [...setup.init, ...switchUser(user, setup.setpriv), 'env', '-i', ...environment, ...config.args];
  return [
    '#!/bin/sh',
    'if read -r stat < /proc/$$/stat; then echo "$stat"; else echo $$; fi 2> /dev/null > self',
    ...(setup.mounts ?? []).flatMap(mountLines),
    'read -r go < start || exit 125',
    `cd ${quote(config.sandbox)} || exit 125`,
    `exec ${command.map(quote).join(' ')}`,
    '',
  ].join('\n');
}

/** Variable that gives the script for other commands another way to switch the user, in words without spaces. */
export const SWITCH = 'TRANCHE_SWITCH';

/**
 * The script that runs another command as the container's user, in its sandbox, with its environment. Pure.
 *
 * Its arguments are the command; with `env` and assignments in front they add to the environment.
 */
export function composeInsideScript(config: ContainerConfig, user: ResolvedUser, setpriv: string | undefined): string {
  const environment = config.env.map(([name, value]) => `${name}=${value}`);
  return [
    '#!/bin/sh',
    `cd ${quote(config.sandbox)} || exit 125`,
    `switch=\${${SWITCH}-${switchUser(user, setpriv).join(' ')}}`,
    `exec $switch ${['env', '-i', ...environment].map(quote).join(' ')} "$@"`,
    '',
  ].join('\n');
}

/** A bind mount takes `ro` only when it is mounted once more. */
function mountLines({ source, destination, options }: SpecMount): string[] {
  const target = quote(destination);
  const flag = options.includes('rbind') ? '--rbind' : '--bind';
  return [
    `mount ${flag} ${quote(source)} ${target} || exit 125`,
    ...(options.includes('ro') ? [`mount -o remount,bind,ro ${target} || exit 125`] : []),
  ];
}

/** Program and arguments that run a command as this user; none when there is no setpriv, for the user stays. */
export function switchUser(user: ResolvedUser, setpriv: string | undefined): string[] {
  if (setpriv === undefined) return [];
  const groups = user.additionalGids.length === 0 ? ['--clear-groups'] : ['--groups', user.additionalGids.join(',')];
  return [setpriv, '--reuid', String(user.uid), '--regid', String(user.gid), ...groups, '--'];
}

/** One word for the shell, whatever it holds. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
