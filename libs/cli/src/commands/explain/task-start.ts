import type { TaskView, TraceView } from '@tranche/contracts';
import { ATTRIBUTE, SPAN } from '@tranche/telemetry';
import { spanText } from '../trace/span-text.js';

/** A part of the start of a task. */
export interface StartStep {
  readonly name: string;
  readonly ms: number;
  readonly error?: string;
}

/** Shorter ones explain nothing. */
const MIN_MS = 5;
const MAX_STEPS = 8;

/** How long tasks usually take to run: the median. @returns undefined when none has run */
export function usualStartMs(tasks: readonly TaskView[]): number | undefined {
  const spans = tasks
    .flatMap(({ launchedAt, runningAt }) =>
      runningAt === undefined ? [] : [Date.parse(runningAt) - Date.parse(launchedAt)],
    )
    .toSorted((a, b) => a - b);
  return spans[Math.floor(spans.length / 2)];
}

/**
 * What of a start took long, in its order: the parts of the launch on the task's agent, and what went on beside it there until it ran.
 *
 * @param taskId of those that were launched together, which share their trace
 */
export function startSteps({ parts }: TraceView, taskId: string): StartStep[] {
  const spans = parts.filter(({ agentId }) => agentId !== undefined).flatMap((part) => part.spans);
  const own = spans.filter(({ attributes }) => (attributes[ATTRIBUTE.taskId] ?? taskId) === taskId);
  const launch = own.find(({ name }) => name === SPAN.launch);
  const isInner = (parentId: string | undefined): boolean =>
    parentId !== undefined && parentId !== launch?.spanId && own.some(({ spanId }) => spanId === parentId);
  return own
    .filter(({ kind, parentSpanId }) => kind === 'internal' && !isInner(parentSpanId))
    .filter((span) => span !== launch && span.startMs <= (launch?.endMs ?? Number.POSITIVE_INFINITY))
    .filter(({ startMs, endMs, error }) => endMs - startMs >= MIN_MS || error !== undefined)
    .toSorted((one, other) => one.startMs - other.startMs)
    .slice(0, MAX_STEPS)
    .map((span) => ({
      name: spanText(span, { agent: (id) => id }).title,
      ms: span.endMs - span.startMs,
      ...(span.error === undefined ? {} : { error: span.error }),
    }));
}
