import type { CommandInfo, FrameworkInfo, TaskInfo } from '@tranche/mesos-api';

/** Longest command text that the executor's name shows in full; a longer one is cut to twelve and dots. */
const SHOWN_COMMAND = 15;

/**
 * What to execute: `sh -c` for shell commands, else the program with its whole argv.
 *
 * @param command `shell` defaults to true; without a shell, `arguments` is the full argv, argv[0] included, and `value` the program
 * @returns argv; its first entry is also the file that is looked up
 * @source Mesos 1.11 behaviour: command executor
 */
export function argvOf(command: CommandInfo): readonly string[] {
  const { value = '', shell = true, arguments: argv = [] } = command;
  if (shell) return ['sh', '-c', value];
  return [value, ...argv.slice(1)];
}

/** Name of the executor that a command task would have, as clients of Mesos see it. @source recorded agent answers */
export function executorName(task: TaskInfo): string {
  const { shell = true, value = '', arguments: argv = [] } = task.command ?? {};
  const text = shell ? value : [value, ...argv].join(', ');
  const shown = text.length > SHOWN_COMMAND ? `${text.slice(0, SHOWN_COMMAND - 3)}...` : text;
  return `Command Executor (Task: ${task.task_id.value}) (Command: ${shell ? `sh -c '${shown}'` : shown})`;
}

/** User whose name the task runs under. */
export const userOf = (task: TaskInfo, framework: FrameworkInfo): string => task.command?.user ?? framework.user;
