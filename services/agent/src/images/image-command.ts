import type { CommandInfo } from '@tranche/mesos-api';
import { commandVariables, type Variables } from '../containers/command-variables.js';
import type { ImageRuntime } from './registry/image-config.js';

/** Nothing says what is to be run. */
export class NoCommandError extends Error {
  readonly code = 'image/no-command';
  constructor(message: string) {
    super(message);
    this.name = 'NoCommandError';
  }
}

/**
 * What a container with an image executes. A shell's command leaves the entry point aside; a program that is named is run with its whole argv;
 * without one, the entry point or the command of the image is run, to which arguments are appended.
 *
 * @returns argv. @throws NoCommandError
 * @source Mesos 1.11: docker/runtime
 */
export function imageArgv(command: CommandInfo, { entrypoint, cmd }: ImageRuntime, name: string): readonly string[] {
  const { value, shell = true, arguments: argv = [] } = command;
  if (shell) {
    if (value !== undefined && value !== '') return ['sh', '-c', value];
    throw new NoCommandError('the command is run by a shell and is empty');
  }
  if (value !== undefined && value !== '') return [value, ...argv.slice(1)];
  if (entrypoint.length > 0) return [...entrypoint, ...(argv.length > 0 ? argv : cmd)];
  const [first, ...rest] = cmd;
  if (first === undefined) throw new NoCommandError(`neither the task nor the image ${name} says what is to be run`);
  return [first, ...(argv.length > 0 ? argv : rest)];
}

/**
 * Variables of an image between those that the agent gives and those of the command, which have the last word.
 *
 * @param given those of the agent and of the command, in order
 * @source Mesos 1.11: order of the environment
 */
export function imageEnvironment(given: Variables, command: CommandInfo, { env }: ImageRuntime): Variables {
  const variables = new Map([...given, ...env, ...commandVariables(command)]);
  return [...variables];
}
