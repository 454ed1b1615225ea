import type { TaskView } from '@tranche/contracts';
import type { CliContext } from '../cli-context.js';
import { NotFoundError, UsageError } from '../cli.errors.js';
import { action, type Register } from '../command-action.js';
import { EXIT_CODES } from '../exit-code.js';
import { candidateTasks, pastTasks } from '../names/find-tasks.js';
import { matchTasks } from '../names/match-tasks.js';
import { LineWriter, jsonLines, matchingLines, prefixedLines } from '../output/line-writer.js';
import { isTable } from '../output/list-view.js';
import { copyLog, type LogStream } from './log-stream.js';

interface LogFlags {
  follow?: boolean;
  lines?: string;
  stdout?: boolean;
  stderr?: boolean;
  grep?: string;
  previous?: boolean;
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
    .option('--previous', 'of the run before: what it wrote before it was started again')
    .action(
      action<LogFlags>(cli, async (context, names, flags) => {
        const tail = flags.lines === undefined ? undefined : checkLines(flags.lines);
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
            signal: stop.signal,
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
  signal: AbortSignal;
}

/** At the same time when following; else one task after the other, its errors after its output. */
async function copyLogs(context: CliContext, tasks: readonly TaskView[], copies: Copies): Promise<void> {
  const { streams, pattern, ...request } = copies;
  const jobs = tasks.flatMap((task) =>
    streams.map((stream) => async () => {
      const isJson = !isTable(context);
      const output = isJson || stream === 'stdout' ? context.io.stdout : context.io.stderr;
      const plain = tasks.length > 1 ? prefixedLines(task.name) : (line: string) => line;
      const format = isJson ? jsonLines(task.name, stream) : plain;
      const shown = pattern === undefined ? format : matchingLines(pattern, format);
      const lines = isJson || tasks.length > 1 || pattern !== undefined ? new LineWriter(output, shown) : undefined;
      await copyLog(context, { ...request, task, stream }, lines ?? output);
      lines?.end();
    }),
  );
  if (copies.follow) await Promise.all(jobs.map((job) => job()));
  else for (const job of jobs) await job();
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
