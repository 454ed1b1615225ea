import type { TaskView, TraceSpan, TraceView } from '@tranche/contracts';
import { ATTRIBUTE, SPAN } from '@tranche/telemetry';
import { isLive } from '../../values/task-words.js';

/**
 * How far a task is.
 *
 * `queued`: its agent has not taken it over; `preparing`: it has, and makes what isolates it; `container`: the container is made;
 * `executor`: there is a container, and its process starts.
 */
export type Stage =
  | 'queued'
  | 'fetching'
  | 'image'
  | 'preparing'
  | 'container'
  | 'executor'
  | 'running'
  | 'healthy'
  | 'unhealthy'
  | 'ended';

/** In words, of one that has not run. */
export const STAGE_WORDS: Readonly<Partial<Record<Stage, string>>> = {
  queued: 'validated and authorized, queued for its agent',
  fetching: 'its files are fetched',
  image: 'its image is pulled',
  preparing: 'taken over by its agent, isolation is prepared',
  container: 'isolation is there, its container is created',
  executor: 'its container is there, its process starts',
};

/**
 * How far a task is, from what its agent says and, where that is silent, from what is over in its trace.
 *
 * @param trace undefined when it is no longer kept
 */
export function stageOf(task: TaskView, trace: TraceView | undefined): Stage {
  if (!isLive(task)) return 'ended';
  if (task.runningAt !== undefined) {
    return task.healthy === undefined ? 'running' : task.healthy ? 'healthy' : 'unhealthy';
  }
  if (task.progress !== undefined) return task.progress.step === 'pulling' ? 'image' : 'fetching';
  const over = new Set(spansOf(task, trace).map(({ name }) => name));
  if (over.has(SPAN.createContainer)) return 'executor';
  if (over.has(SPAN.isolators)) return 'container';
  return over.has(SPAN.checkpointTask) ? 'preparing' : 'queued';
}

/** Who wanted the task to end, and when: the first that did, of those that its trace shows. */
export interface Killer {
  /** `by its framework`, `by its agent: it is unhealthy`, `by NAME` for an operator. */
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

export function killerOf(task: TaskView, trace: TraceView | undefined): Killer | undefined {
  const [first] = spansOf(task, trace)
    .filter(({ name }) => name === SPAN.kill)
    .toSorted((one, other) => one.startMs - other.startMs);
  if (first === undefined) return undefined;
  return { by: String(first.attributes[ATTRIBUTE.detail] ?? 'by its framework'), atMs: first.startMs };
}

/** The most memory that the container of the ended task used, bytes; undefined where its trace does not show it. */
export function memoryPeakOf(task: TaskView, trace: TraceView | undefined): number | undefined {
  const peaks = spansOf(task, trace)
    .map(({ attributes }) => attributes[ATTRIBUTE.memoryPeak])
    .filter((peak) => typeof peak === 'number');
  return peaks.length === 0 ? undefined : Math.max(...peaks);
}

/** Spans that say that they are about the task, or that are below one that does. */
function spansOf(task: TaskView, trace: TraceView | undefined): readonly TraceSpan[] {
  const spans = (trace?.parts ?? []).flatMap((part) => part.spans);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const taskOf = (span: TraceSpan, depth = 0): unknown => {
    const about = span.attributes[ATTRIBUTE.taskId];
    const parent = span.parentSpanId === undefined ? undefined : byId.get(span.parentSpanId);
    return about ?? (parent === undefined || depth > MAX_DEPTH ? undefined : taskOf(parent, depth + 1));
  };
  return spans.filter((span) => taskOf(span) === task.id || isOfContainer(span, task));
}

/** Deeper than spans are ever nested: an end for what points at itself. */
const MAX_DEPTH = 32;

const isOfContainer = ({ attributes }: TraceSpan, { containerId }: TaskView): boolean =>
  containerId !== undefined && attributes[ATTRIBUTE.containerId] === containerId.split('.').at(-1);
