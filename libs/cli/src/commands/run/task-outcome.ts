import { constants } from 'node:os';
import type { TaskStatus } from '@tranche/mesos-api';
import { EXIT_CODES } from '../../exit-code.js';
import { formatBytes } from '../../values/size.js';
import { stateWord } from '../../values/task-words.js';

/** How a task ended. */
export interface TaskOutcome {
  /** The command's own status, or 128 + signal; 125 when the cluster ended the task for reasons of its own. */
  exitCode: number;
  /** Short, for people: `exit 3`, `OOM 32 MiB, used 31.8 MiB`, `killed by SIGTERM`. */
  cause: string;
}

/** Texts of strsignal(3) on Linux, as Mesos writes them into messages, and the names of the signals. */
const SIGNAL_TEXTS: Readonly<Record<string, NodeJS.Signals>> = {
  Hangup: 'SIGHUP',
  Interrupt: 'SIGINT',
  Quit: 'SIGQUIT',
  'Illegal instruction': 'SIGILL',
  'Trace/breakpoint trap': 'SIGTRAP',
  Aborted: 'SIGABRT',
  'Bus error': 'SIGBUS',
  'Floating point exception': 'SIGFPE',
  Killed: 'SIGKILL',
  'User defined signal 1': 'SIGUSR1',
  'Segmentation fault': 'SIGSEGV',
  'User defined signal 2': 'SIGUSR2',
  'Broken pipe': 'SIGPIPE',
  'Alarm clock': 'SIGALRM',
  Terminated: 'SIGTERM',
  'CPU time limit exceeded': 'SIGXCPU',
  'File size limit exceeded': 'SIGXFSZ',
  'Bad system call': 'SIGSYS',
};

const MEBIBYTE = 2 ** 20;

/**
 * Reads a terminal status.
 *
 * @param memMb what the task was given, for the text of an OOM
 * @source Mesos 1.11 behaviour: messages of the command executor
 */
export function outcomeOf(status: TaskStatus, memMb: number): TaskOutcome {
  const message = status.message?.split('\n')[0] ?? '';
  if (status.reason === 'REASON_CONTAINER_LIMITATION_MEMORY') {
    return { exitCode: 128 + constants.signals.SIGKILL, cause: oomCause(status, memMb) };
  }
  if (status.state === 'TASK_FINISHED') return { exitCode: EXIT_CODES.done, cause: 'finished' };
  const unhealthy = status.healthy === false && status.state === 'TASK_KILLED' ? 'unhealthy, ' : '';
  const cause = status.reason === 'REASON_MAX_COMPLETION_TIME_REACHED' ? 'ran longer than its longest time' : undefined;
  const exit = /exited with status (\d+)/.exec(message)?.[1];
  if (exit !== undefined) return { exitCode: Number(exit), cause: cause ?? `exit ${exit}` };
  const signal = SIGNAL_TEXTS[/terminated with signal ([^(]+)/.exec(message)?.[1]?.trim() ?? ''];
  if (signal !== undefined)
    return { exitCode: 128 + constants.signals[signal], cause: cause ?? `${unhealthy}killed by ${signal}` };
  if (status.state === 'TASK_KILLED')
    return { exitCode: 128 + constants.signals.SIGTERM, cause: cause ?? `${unhealthy}killed` };
  return {
    exitCode: EXIT_CODES.ownFailure,
    cause: [cause ?? stateWord(status.state), message].filter(Boolean).join(': '),
  };
}

/** A launch that came too late for its offer: the task never ran, and may be launched again under another id. */
export function isLostRace({ state, reason, source }: TaskStatus): boolean {
  const isDropped = state === 'TASK_DROPPED' || state === 'TASK_LOST';
  return isDropped && reason === 'REASON_INVALID_OFFERS' && source === 'SOURCE_MASTER';
}

/** Whether the task ended before any of it ran: then it has written nothing. */
export const neverBegan = ({ state, reason }: TaskStatus): boolean =>
  state === 'TASK_ERROR' || NEVER_BEGUN_REASONS.has(reason ?? '');

const NEVER_BEGUN_REASONS: ReadonlySet<string> = new Set([
  'REASON_CONTAINER_LAUNCH_FAILED',
  'REASON_INVALID_OFFERS',
  'REASON_TASK_KILLED_DURING_LAUNCH',
]);

function oomCause({ limitation }: TaskStatus, memMb: number): string {
  const used = limitation?.resources?.find(({ name }) => name === 'mem')?.scalar?.value;
  const limit = `OOM ${formatBytes(memMb * MEBIBYTE)}`;
  return used === undefined ? limit : `${limit}, used ${formatBytes(Number(used) * MEBIBYTE)}`;
}
