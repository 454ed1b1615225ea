import {
  ATTRIBUTE,
  activeTrace,
  activeTracer,
  contextOfStored,
  inSpan,
  runInTrace,
  type SpanAttributes,
  type StoredTrace,
  type TraceContext,
} from '@tranche/telemetry';

type Traced = StoredTrace;

interface TracedTask extends StoredTrace {
  readonly frameworkId: string;
  readonly taskId: string;
}

/**
 * What a task's spans are below: the running one when it is of the task's trace, else the ACCEPT that launched it.
 */
export function traceOfTask(task: Traced): TraceContext {
  const active = activeTrace();
  return active?.traceId === task.traceId ? active : contextOfStored(task);
}

/** Runs something that concerns one task in the trace of the ACCEPT that launched it: its log lines and messages belong there. */
export const inTaskTrace = <T>(task: Traced, run: () => T): T => runInTrace(contextOfStored(task), run);

/** Runs something as a span of a task. @param name of `SPAN` */
export const inTaskSpan = <T>(name: string, task: TracedTask, run: () => T, more: SpanAttributes = {}): T =>
  inTaskTrace(task, () => inSpan(name, { attributes: { ...attributesOf(task), ...more } }, run));

/** A thing that happened to a task in a moment. */
export function noteOfTask(name: string, task: TracedTask, more: SpanAttributes = {}): void {
  const span = activeTracer().begin(name, traceOfTask(task), { attributes: { ...attributesOf(task), ...more } });
  span.end();
}

const attributesOf = ({ frameworkId, taskId }: TracedTask): SpanAttributes => ({
  [ATTRIBUTE.taskId]: taskId,
  [ATTRIBUTE.frameworkId]: frameworkId,
});
