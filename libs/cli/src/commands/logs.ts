import type { TaskView } from '@tranche/contracts';
import { LostConnection } from '../api/lost-connection.js';
import type { CliContext } from '../cli-context.js';
import { NotFoundError, UsageError } from '../cli.errors.js';
import { action, type Register } from '../command-action.js';
import { EXIT_CODES } from '../exit-code.js';
import { candidateTasks, pastTasks } from '../names/find-tasks.js';
import { matchTasks } from '../names/match-tasks.js';
import { LineWriter, jsonLines, matchingLines, plainLines, withoutFirst } from '../output/line-writer.js';
import { isTable } from '../output/list-view.js';
import { parseDurationMs } from '../values/duration.js';
import { copyLog, type LogStream } from './log-stream.js';
import { LineTimes, logTimes, startOf } from './log-times.js';

interface LogFlags {
  follow?: boolean;
  lines?: string;
  stdout?: boolean;
  stderr?: boolean;
  grep?: string;
  previous?: boolean;
  since?: string;
  timestamps?: boolean;
}

/** `tranche logs`: what tasks have written, standard output to standard output and errors to standard error. */
export const registerLogs: Register = (program, cli) => {
  program
    .command('logs')
    .description('print what tasks have written')
    .argument('<TASK...>', 'names, instances (web.0), FRAMEWORK/NAME or ids')
    .option('-f, --follow', 'go on printing until the task has ended')
    .option('-n, --lines <N>', 'only the last N lines')
    .option('--stdout', 'only standard output')
    .option('--stderr', 'only standard error')
    .option('--grep <RE>', 'only lines that match this regular expression')
    .option('--since <DURATION>', 'only what was written in this time: 10m')
    .option('--timestamps', 'when each line was written, before it')
    .option('--previous', 'of the run before: what it wrote before it was started again')
    .action(
      action<LogFlags>(cli, async (context, names, flags) => {
        const tail = flags.lines === undefined ? undefined : checkLines(flags.lines);
        const sinceMs = flags.since === undefined ? undefined : parseDurationMs(flags.since, '--since');
        if (sinceMs !== undefined && tail !== undefined) throw new UsageError('--since and -n cannot be combined');
        const pattern = flags.grep === undefined ? undefined : patternOf(flags.grep);
        const items = await candidateTasks(context.api, names);
        const named = [...new Set(names.flatMap((name) => matchTasks(items, name)))];
        const tasks = flags.previous ? await previousRuns(context, named) : named;
        const stop = new AbortController();
        const ignoreSignal = context.io.onSignal('SIGINT', () => stop.abort());
        try {
          await copyLogs(context, tasks, {
            streams: chosenStreams(flags),
            follow: flags.follow ?? false,
            tail,
            pattern,
            sinceMs: sinceMs === undefined ? undefined : context.io.clock.nowMs() - sinceMs,
            isStamped: flags.timestamps ?? false,
            signal: stop.signal,
            connection: new LostConnection(context),
          });
        } finally {
          ignoreSignal();
        }
        return stop.signal.aborted ? EXIT_CODES.interrupted : EXIT_CODES.done;
      }),
    );
};

interface Copies {
  streams: readonly LogStream[];
  follow: boolean;
  tail: number | undefined;
  pattern: RegExp | undefined;
  /** Milliseconds since the epoch. */
  sinceMs: number | undefined;
  isStamped: boolean;
  signal: AbortSignal;
  /** All of them are lost together, as a rule: what is relayed breaks with the relay. */
  connection: LostConnection;
}

/** At the same time when following; else one task after the other, its errors after its output. */
async function copyLogs(context: CliContext, tasks: readonly TaskView[], copies: Copies): Promise<void> {
  const jobs = tasks.flatMap((task) =>
    copies.streams.map((stream) => () => copyOne(context, { task, stream, isOne: tasks.length === 1 }, copies)),
  );
  if (copies.follow) await Promise.all(jobs.map((job) => job()));
  else for (const job of jobs) await job();
}

interface OneLog {
  readonly task: TaskView;
  readonly stream: LogStream;
  /** It needs no name before its lines. */
  readonly isOne: boolean;
}

async function copyOne(context: CliContext, { task, stream, isOne }: OneLog, copies: Copies): Promise<void> {
  const { follow, tail, pattern, sinceMs, isStamped, signal, connection } = copies;
  const { io } = context;
  const isJson = !isTable(context);
  const times = sinceMs === undefined && !isStamped ? [] : await logTimes(context, task, stream);
  const stamps = new LineTimes(times, () => new Date(io.clock.nowMs()).toISOString());
  const begin = sinceMs === undefined ? 0 : startOf(times, sinceMs);
  // A byte earlier: what comes before the first newline then is of a line that was begun before.
  const from = begin === 0 ? undefined : begin - 1;
  const name = isOne ? '' : task.name;
  const format = isJson
    ? jsonLines(task.name, stream, isStamped ? stamps : undefined)
    : plainLines(name, isStamped ? stamps : undefined);
  const matching = pattern === undefined ? format : matchingLines(pattern, format, stamps);
  const shown = from === undefined ? matching : withoutFirst(matching, stamps);
  const output = isJson || stream === 'stdout' ? io.stdout : io.stderr;
  const isPlain = !isJson && isOne && pattern === undefined && !isStamped && from === undefined;
  const lines = isPlain ? undefined : new LineWriter(output, shown);
  const onBegin = (offset: number): void => stamps.begin(offset);
  await copyLog(context, { task, stream, follow, tail, signal, from, onBegin, connection }, lines ?? output);
  lines?.end();
}

/** Of each task, the run of its name before it. @throws NotFoundError when there was none that is remembered */
async function previousRuns({ api }: CliContext, tasks: readonly TaskView[]): Promise<TaskView[]> {
  return Promise.all(
    tasks.map(async ({ name, frameworkName, launchedAt }) => {
      const earlier = (await pastTasks(api, name)).filter(
        (run) => run.name === name && run.frameworkName === frameworkName && run.launchedAt < launchedAt,
      );
      const [last] = earlier.toSorted((a, b) => (a.launchedAt < b.launchedAt ? 1 : -1));
      if (last !== undefined) return last;
      throw new NotFoundError(`${name} did not run before, or it is no longer remembered`, [
        `see: tranche task history ${name}`,
      ]);
    }),
  );
}

/** @throws UsageError */
function patternOf(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    throw new UsageError(`--grep: ${(error as Error).message}`);
  }
}

function chosenStreams({ stdout, stderr }: LogFlags): LogStream[] {
  if (stdout === stderr) return ['stdout', 'stderr'];
  return stdout ? ['stdout'] : ['stderr'];
}

function checkLines(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`-n: "${text}" is no whole number`);
}
