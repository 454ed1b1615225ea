import type { TaskView } from '@tranche/contracts';
import { FailedError, NotFoundError, TimedOutError, UsageError } from '../cli.errors.js';
import { action, type Register } from '../command-action.js';
import { EXIT_CODES } from '../exit-code.js';
import { candidateTasks } from '../names/find-tasks.js';
import { matchTasks } from '../names/match-tasks.js';
import { parseDurationMs } from '../values/duration.js';
import { isLive, stateWord } from '../values/task-words.js';

const CONDITIONS = ['running', 'healthy', 'finished', 'gone'] as const;
type Condition = (typeof CONDITIONS)[number];

/** Short beside the start of a container. */
const INTERVAL_MS = 200;

interface Wanted {
  readonly condition: Condition;
  /** Whether the names were found before. */
  readonly isKnown: boolean;
}

/** Whether a task is there, can still get there, or not. */
type Standing = 'reached' | 'possible' | 'impossible';

interface WaitFlags {
  for: string;
  /** The global flag, which here limits the whole wait. */
  timeout?: string;
}

/** `tranche wait`: returns when tasks are in a state. */
export const registerWait: Register = (program, cli) => {
  program
    .command('wait')
    .description('wait until tasks are running, healthy, finished (with success) or gone (ended in any way)')
    .argument('<TASK...>', 'names, instances (web.0), FRAMEWORK/NAME or ids')
    .requiredOption('--for <CONDITION>', `one of ${CONDITIONS.join(', ')}`)
    .action(
      action<WaitFlags>(cli, async ({ api, io }, names, flags) => {
        const condition = CONDITIONS.find((known) => known === flags.for);
        if (!condition) throw new UsageError(`--for: "${flags.for}" is not one of ${CONDITIONS.join(' ')}`);
        const limitMs = flags.timeout === undefined ? undefined : parseDurationMs(flags.timeout, '--timeout');
        const untilMs = io.clock.nowMs() + (limitMs ?? Number.POSITIVE_INFINITY);
        const stop = new AbortController();
        const ignoreSignal = io.onSignal('SIGINT', () => stop.abort());
        try {
          for (let isKnown = false; ; isKnown = true) {
            const items = await candidateTasks(api, names);
            const pending = names.flatMap((name) => pendingTasks(items, name, { condition, isKnown }));
            if (pending.length === 0) return EXIT_CODES.done;
            if (io.clock.nowMs() >= untilMs)
              throw new TimedOutError(`not ${condition} after ${flags.timeout}: ${describe(pending)}`);
            if (!(await io.sleep(INTERVAL_MS, stop.signal))) return EXIT_CODES.interrupted;
          }
        } finally {
          ignoreSignal();
        }
      }),
    );
};

/** @throws FailedError when one of them can't get there any more; NotFoundError when a name means nothing, and never did */
function pendingTasks(tasks: readonly TaskView[], name: string, wanted: Wanted): TaskView[] {
  const { condition } = wanted;
  const matches = matchOrNone(tasks, name, wanted);
  const lost = matches.filter((task) => standingOf(task, condition) === 'impossible');
  if (lost.length > 0) throw new FailedError(`will not be ${condition} any more: ${describe(lost)}`);
  return matches.filter((task) => standingOf(task, condition) === 'possible');
}

/** What was there and is not any more is gone, history included; what nobody has ever heard of is a slip of the pen. */
function matchOrNone(tasks: readonly TaskView[], name: string, { condition, isKnown }: Wanted): TaskView[] {
  try {
    return matchTasks(tasks, name);
  } catch (error) {
    if (condition === 'gone' && isKnown && error instanceof NotFoundError) return [];
    throw error;
  }
}

function standingOf(task: TaskView, condition: Condition): Standing {
  const hasEnded = !isLive(task);
  switch (condition) {
    case 'gone':
      return hasEnded ? 'reached' : 'possible';
    case 'finished':
      if (task.state === 'TASK_FINISHED') return 'reached';
      return hasEnded ? 'impossible' : 'possible';
    case 'running':
      if (task.state === 'TASK_RUNNING') return 'reached';
      return hasEnded ? 'impossible' : 'possible';
    case 'healthy':
      if (task.state === 'TASK_RUNNING' && task.healthy === true) return 'reached';
      return hasEnded ? 'impossible' : 'possible';
  }
}

function describe(tasks: readonly TaskView[]): string {
  return tasks.map((task) => `${task.name} (${task.cause ?? stateWord(task.state)})`).join(', ');
}
