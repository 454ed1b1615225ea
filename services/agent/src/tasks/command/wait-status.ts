/** Texts of signals as Linux' strsignal(3) gives them, by number. */
const SIGNALS = [
  '',
  'Hangup',
  'Interrupt',
  'Quit',
  'Illegal instruction',
  'Trace/breakpoint trap',
  'Aborted',
  'Bus error',
  'Floating point exception',
  'Killed',
  'User defined signal 1',
  'Segmentation fault',
  'User defined signal 2',
  'Broken pipe',
  'Alarm clock',
  'Terminated',
  'Stack fault',
  'Child exited',
  'Continued',
  'Stopped (signal)',
  'Stopped',
  'Stopped (tty input)',
  'Stopped (tty output)',
  'Urgent I/O condition',
  'CPU time limit exceeded',
  'File size limit exceeded',
  'Virtual timer expired',
  'Profiling timer expired',
  'Window changed',
  'I/O possible',
  'Power failure',
  'Bad system call',
];

/** Bit of a wait status that says that a core was dumped. */
const CORE_DUMPED = 0x80;

/**
 * How a command ended, in Mesos' words: `Command exited with status 3`, `Command terminated with signal Killed`.
 *
 * @param waitStatus raw, as waitpid(2) gives it
 * @source Mesos 1.11 behaviour: command executor
 */
export function describeWaitStatus(waitStatus: number): string {
  const signal = waitStatus & 0x7f;
  if (signal === 0) return `Command exited with status ${(waitStatus >> 8) & 0xff}`;
  const text = SIGNALS[signal] ?? `Unknown signal ${signal}`;
  return `Command terminated with signal ${text}${waitStatus & CORE_DUMPED ? ' (core dumped)' : ''}`;
}

/** Whether the command ended by itself with exit status 0. */
export const isSuccess = (waitStatus: number): boolean => waitStatus === 0;
