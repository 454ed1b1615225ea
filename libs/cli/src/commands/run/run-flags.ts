import type { Command } from 'commander';
import { parsePairs } from '../../values/pairs.js';
import { RESTARTS } from './run-plan.js';
import type { RunSpec } from './run-spec.js';

/** Flags of `run`, as commander parses them. */
export interface RunFlags {
  name?: string;
  instances?: string;
  cpus?: string;
  mem?: string;
  disk?: string;
  gpus?: string;
  ports?: string;
  image?: string;
  env?: string[];
  uri?: string[];
  role?: string;
  where?: string[];
  restart?: string;
  label?: string[];
  user?: string;
  tty?: boolean;
  detach?: boolean;
  maxTime?: string;
  shell?: boolean;
}

export function addRunOptions(command: Command): Command {
  const collect = (value: string, before: string[] = []): string[] => [...before, value];
  return command
    .description('run something on the cluster and watch it; exits with the status of the command')
    .usage('[flags] (FILE | -- COMMAND...)')
    .argument('[FILE_OR_COMMAND...]', 'a description in YAML or JSON (- is standard input), or behind -- a command')
    .option('--name <NAME>', 'of the task (default: the program and four digits)')
    .option('-n, --instances <N>', 'how many of it (default 1)')
    .option('--cpus <N>', 'for each instance (default 0.1)')
    .option('--mem <SIZE>', 'for each instance (default 64m)')
    .option('--disk <SIZE>', 'for each instance')
    .option('--gpus <N>', 'for each instance')
    .option('--ports <N>', 'how many ports; they become $PORT0, $PORT1 ...')
    .option('--image <IMAGE>', 'docker://NAME[:TAG]')
    .option('--env <K=V>', 'environment of the command; repeatable', collect)
    .option('--uri <URL>', 'fetched into the sandbox before the start; repeatable', collect)
    .option('--role <ROLE>', 'whose share of the cluster is used (default *)')
    .option(
      '--where <ATTR=V|ATTR:unique>',
      'only on agents with this attribute, or each on another; repeatable',
      collect,
    )
    .option('--restart <WHEN>', `start again what has ended: ${RESTARTS.join(', ')}`)
    .option('--label <K=V>', 'label of the task; repeatable', collect)
    .option('--user <USER>', 'whom the command runs as (default: you)')
    .option('--tty', 'give the command a terminal')
    .option('--detach', 'leave the tasks running and return when they run')
    .option('--max-time <DURATION>', 'kill what runs longer')
    .option('--shell', 'run the command by /bin/sh (default for a single word)')
    .option('--no-shell', 'run the command without a shell (default for several words)');
}

/** @param command undefined when a FILE holds it */
export function specOfFlags(flags: RunFlags, command: string[] | undefined): RunSpec {
  const { cpus, mem, disk, gpus, ports, name, instances, image, role, restart, user, tty, maxTime, shell } = flags;
  return {
    ...(command && { command }),
    resources: { cpus, mem, disk, gpus, ports },
    env: parsePairs(flags.env ?? [], '--env'),
    labels: parsePairs(flags.label ?? [], '--label'),
    ...(flags.uri && { uris: flags.uri }),
    ...(flags.where && { where: flags.where }),
    ...{ name, instances, image, role, restart, user, tty, maxTime, shell },
  };
}
