import type { TaskView, TraceView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { NotFoundError, UsageError } from '../../cli.errors.js';
import { candidateTasks } from '../../names/find-tasks.js';
import { matchOneTask } from '../../names/match-tasks.js';
import { painter } from '../../output/cells.js';
import { otlpJson } from './otlp-json.js';
import { waterfallOf } from './waterfall.js';
import { headline, waterfallText } from './waterfall-text.js';

export interface TraceFlags {
  logs?: boolean;
  /** A text when a name followed it: `trace --slow web.0`. */
  slow?: string | true;
}

const WHOLE_ID = /^[0-9a-f]{32}$/;
const ID_BEGINNING = /^[0-9a-f]{8,31}$/;

/** `tranche trace TASK|TRACE_ID`: everything that was done for a task, by whom, and how long it took. */
export async function showTrace(context: CliContext, named: string | undefined, flags: TraceFlags): Promise<void> {
  const text = named ?? (typeof flags.slow === 'string' ? flags.slow : undefined);
  if (text === undefined) throw new UsageError('which trace?', ['name a task or a trace id, or: tranche trace ls']);
  const { traceId, task } = await resolve(context, text);
  const view = await context.api.get<TraceView>(`/v1/traces/${traceId}`);
  const { settings, io } = context;
  if (settings.output === 'json' || settings.output === 'jsonl') {
    const json = otlpJson(view, flags.logs ?? false);
    io.stdout.write(`${settings.output === 'json' ? JSON.stringify(json, null, 2) : JSON.stringify(json)}\n`);
    return;
  }
  const waterfall = waterfallOf(view, {
    ...(task === undefined ? {} : { taskId: task.id }),
    isWide: settings.output === 'wide',
    onlyCritical: flags.slow !== undefined,
    withLogs: flags.logs ?? false,
  });
  const lines = [headline(view, task), ...waterfallText(waterfall, painter(settings.color))];
  io.stdout.write(`${lines.join('\n')}\n`);
}

/** A task by name or id; else a trace by its id or the beginning of it. */
async function resolve(context: CliContext, text: string): Promise<{ traceId: string; task?: TaskView }> {
  if (WHOLE_ID.test(text)) return { traceId: text };
  const items = await candidateTasks(context.api, [text]);
  try {
    const task = matchOneTask(items, text);
    return { traceId: task.traceId, task };
  } catch (error) {
    if (error instanceof NotFoundError && ID_BEGINNING.test(text)) return { traceId: text };
    throw error;
  }
}
