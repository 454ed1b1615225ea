import type { TaskStatus } from '@tranche/mesos-api';

/** How a command ended: exactly one of the two. */
export type ExitStatus = { readonly exitCode: number } | { readonly signal: number };

/** Names of signals as the C library prints them, which is how status messages have them. */
const SIGNALS: Readonly<Record<string, number>> = {
  Hangup: 1,
  Interrupt: 2,
  Quit: 3,
  'Illegal instruction': 4,
  'Trace/breakpoint trap': 5,
  Aborted: 6,
  'Bus error': 7,
  'Floating point exception': 8,
  Killed: 9,
  'User defined signal 1': 10,
  'Segmentation fault': 11,
  'User defined signal 2': 12,
  'Broken pipe': 13,
  'Alarm clock': 14,
  Terminated: 15,
  'CPU time limit exceeded': 24,
  'File size limit exceeded': 25,
  'Bad system call': 31,
};

/**
 * The exit status of a command task, which v1 statuses carry in their message only.
 *
 * @returns undefined when the message says neither
 * @source Mesos' command executor: `Command exited with status 3`, `Command terminated with signal Killed`
 */
export function exitStatusOf({ message = '' }: TaskStatus): ExitStatus | undefined {
  const exited = /\bexited with status (\d+)/.exec(message)?.[1];
  if (exited !== undefined) return { exitCode: Number(exited) };
  const name = /\bterminated with signal ([^(]+?)(?: \(core dumped\))?$/.exec(message)?.[1];
  if (name === undefined) return undefined;
  const signal = /^\d+$/.test(name) ? Number(name) : SIGNALS[name];
  return signal === undefined ? undefined : { signal };
}
