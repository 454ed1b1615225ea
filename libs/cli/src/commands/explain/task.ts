import type { TaskView, TraceView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { CliError } from '../../cli.errors.js';
import { showing, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { candidateTasks } from '../../names/find-tasks.js';
import { matchTasks } from '../../names/match-tasks.js';
import { isTable } from '../../output/list-view.js';
import { formatSeconds } from '../../values/duration.js';
import { formatBytes } from '../../values/size.js';
import { isLive, stateWord } from '../../values/task-words.js';
import { amountsText } from '../../output/cells.js';
import { lengthText } from '../trace/waterfall-text.js';
import { type Killer, killerOf, memoryPeakOf, type Stage, STAGE_WORDS, stageOf } from './task-facts.js';
import { type StartStep, startSteps, usualStartMs } from './task-start.js';

/** So many starts before are what is usual. @source product §4 */
const COMPARED = 100;
const LAST_LINES = 10;

/** What `explain task` finds out about a task, for people and as JSON. */
interface TaskExplanation {
  readonly task: TaskView;
  /** `starting`, `running`, `ended`. */
  readonly phase: string;
  readonly stage: Stage;
  /** From its launch until it ran, or until now. */
  readonly startMs: number;
  readonly usualStartMs?: number;
  readonly steps: readonly StartStep[];
  /** Which run of its name this is, of those that are remembered. */
  readonly attempt: number;
  readonly lastErrors: readonly string[];
  /** Who wanted it to end; `by` as in its trace. */
  readonly killer?: Killer;
  /** The most memory that its container used, bytes, once ended. */
  readonly memoryPeakBytes?: number;
}

/** `tranche explain task`: how far a task is and what it waits for, or how it ended and why. */
export const registerExplainTask: Register = (explain, cli) => {
  explain
    .command('task')
    .description('how far a task is and what it waits for, or how it ended and why')
    .argument('<TASK...>', 'names, instances (web.0), FRAMEWORK/NAME or ids')
    .action(showing(cli, (context, names) => explainTasks(context, names)));
};

/** @returns exit code */
export async function explainTasks(context: CliContext, names: readonly string[]): Promise<number> {
  const items = await candidateTasks(context.api, names);
  const tasks = [...new Set(names.flatMap((name) => matchTasks(items, name)))];
  const found = await Promise.all(tasks.map((task) => explainTask(context, task)));
  if (isTable(context)) {
    context.io.stdout.write(found.map((one) => explanationText(one, context.io.clock.nowMs())).join('\n'));
  } else {
    const indent = context.settings.output === 'json' ? 2 : undefined;
    for (const one of found) context.io.stdout.write(`${JSON.stringify(one, undefined, indent)}\n`);
  }
  return EXIT_CODES.done;
}

async function explainTask({ api, io }: CliContext, task: TaskView): Promise<TaskExplanation> {
  const query = { frameworkId: task.frameworkId };
  const [runs, others, trace, errors] = await Promise.all([
    api.list<TaskView>('/v1/tasks', { ...query, name: task.name }, COMPARED),
    api.list<TaskView>('/v1/tasks', {}, COMPARED),
    quietly(() => api.get<TraceView>(`/v1/traces/${task.traceId}`)),
    isLive(task)
      ? undefined
      : quietly(() =>
          api.stream(`/v1/tasks/${encodeURIComponent(task.id)}/logs`, { ...query, stream: 'stderr', tail: LAST_LINES }),
        ),
  ]);
  const text = errors === undefined ? '' : (await api.whole(errors)).body.toString('utf8');
  const usual = usualStartMs(others.items.filter((other) => other.id !== task.id));
  const killer = killerOf(task, trace);
  const memoryPeakBytes = isLive(task) ? undefined : memoryPeakOf(task, trace);
  const earlier = runs.items.filter(({ launchedAt }) => launchedAt < task.launchedAt);
  return {
    task,
    phase: isLive(task) ? (task.runningAt === undefined ? 'starting' : 'running') : 'ended',
    stage: stageOf(task, trace),
    startMs:
      (task.runningAt === undefined ? endOf(task, io.clock.nowMs()) : Date.parse(task.runningAt)) -
      Date.parse(task.launchedAt),
    ...(usual === undefined ? {} : { usualStartMs: usual }),
    steps: trace === undefined ? [] : startSteps(trace, task.id),
    attempt: earlier.length + 1,
    lastErrors: text === '' ? [] : text.replace(/\n$/, '').split('\n'),
    ...(killer === undefined ? {} : { killer }),
    ...(memoryPeakBytes === undefined ? {} : { memoryPeakBytes }),
  };
}

const endOf = ({ endedAt }: TaskView, nowMs: number): number => (endedAt === undefined ? nowMs : Date.parse(endedAt));

/** What is nice to have and may be gone: traces, output. */
async function quietly<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
}

function explanationText(found: TaskExplanation, nowMs: number): string {
  const { task, phase, stage, startMs, attempt, lastErrors, steps, killer } = found;
  const { name, agentHostname, frameworkName, cause, healthy } = task;
  const where = `of ${frameworkName}, on ${agentHostname || 'no agent'}, run ${attempt} of this name`;
  const head = `${name}, ${stateWord(task.state)}${cause === undefined ? '' : `: ${cause}`}\n  ${where}\n`;
  const compared =
    found.usualStartMs === undefined ? '' : `  (usual ${lengthText(found.usualStartMs)}, the median of others)`;
  const started =
    phase === 'starting'
      ? `  has not run yet, after ${lengthText(startMs)}${compared}\n  stage   ${stageText(stage, task)}\n`
      : task.runningAt === undefined
        ? `  never ran\n`
        : `  ran after ${lengthText(startMs)}${compared}\n`;
  const parts = steps.map(
    ({ name: step, ms, error }) =>
      `    ${step.padEnd(28)} ${lengthText(ms)}${error === undefined ? '' : `  ${error}`}\n`,
  );
  const health = healthy === undefined ? '' : `  ${healthy ? 'healthy' : 'unhealthy'}\n`;
  const errors =
    lastErrors.length === 0
      ? ''
      : `  the end of its standard error:\n${lastErrors.map((line) => `    ${line}\n`).join('')}`;
  const next = `  more    tranche trace ${name} · tranche logs ${name}${phase === 'ended' ? ` · tranche fs ls ${name}` : ''}\n`;
  return `${head}${started}${parts.join('')}${health}${killer === undefined ? '' : killerText(killer, nowMs)}${phase === 'ended' ? endText(found, nowMs) : ''}${errors}${next}`;
}

/** How far one is that has not run, with the share that is done where that is known. */
const stageText = (stage: Stage, { progress }: TaskView): string =>
  `${STAGE_WORDS[stage] ?? stage}${progress?.percent === undefined ? '' : `, ${progress.percent} %`}`;

const killerText = ({ by, atMs }: Killer, nowMs: number): string =>
  `  killed  ${by}, ${formatSeconds(nowMs - atMs)} ago\n`;

/** Memory against its limit, where the agent knew it at the end. */
function memoryText(peakBytes: number | undefined, { resources: { memBytes } }: TaskView): string {
  if (peakBytes === undefined) return '';
  const limit = memBytes > 0 ? ` of ${formatBytes(memBytes)}` : '';
  return `  memory  at most ${formatBytes(peakBytes)}${limit}\n`;
}

/** State, reason, who said so, what it was limited to, and what it used. */
function endText({ task, memoryPeakBytes }: TaskExplanation, nowMs: number): string {
  const last = task.statuses.at(-1);
  const exit =
    task.exitCode !== undefined
      ? `exit ${task.exitCode}`
      : task.signal !== undefined
        ? `signal ${task.signal}`
        : 'no exit status is known';
  const ago = task.endedAt === undefined ? '' : `, ${formatSeconds(nowMs - Date.parse(task.endedAt))} ago`;
  const told = [last?.source, last?.reason, last?.message]
    .filter((part) => part !== undefined && part !== '')
    .join(' · ');
  return `  ended   ${exit}${ago}\n${told === '' ? '' : `  said    ${told}\n`}  limits  ${amountsText(task.resources)}\n${memoryText(memoryPeakBytes, task)}`;
}
