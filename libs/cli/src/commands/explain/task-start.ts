import type { TaskView, TraceView } from '@tranche/contracts';

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

/** What of a start took long, in its order: the spans of the task's agent that have none below them. */
export function startSteps({ parts }: TraceView): StartStep[] {
  const spans = parts.flatMap((part) => part.spans.map((span) => ({ ...span, isOfAgent: part.agentId !== undefined })));
  const parents = new Set(spans.map(({ parentSpanId }) => parentSpanId));
  return spans
    .filter(({ isOfAgent, spanId, kind }) => isOfAgent && kind !== 'consumer' && !parents.has(spanId))
    .map(({ name, startMs, endMs, error }) => ({
      name,
      startMs,
      ms: endMs - startMs,
      ...(error === undefined ? {} : { error }),
    }))
    .filter(({ ms, error }) => ms >= MIN_MS || error !== undefined)
    .toSorted((a, b) => a.startMs - b.startMs)
    .slice(0, MAX_STEPS)
    .map(({ startMs: _startMs, ...step }) => step);
}
