import {
  ATTRIBUTE,
  activeTrace,
  activeTracer,
  contextOfStored,
  inSpan,
  runInTrace,
  SPAN,
  type SpanAttributes,
  type StoredTrace,
  type TraceContext,
} from '@tranche/telemetry';
import type { KillRequest } from '../checkpoint/record.js';

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

/** Why the agent itself ends a task, in words. What others ask for is noted where they ask. */
const OWN_CAUSES: Readonly<Partial<Record<KillRequest['cause'], string>>> = {
  'framework-removed': 'its framework is removed',
  'agent-stopping': 'the agent stops',
  draining: 'the agent is drained',
  'max-completion-time': 'its time is up',
  'group-ended': 'its group has ended',
  unhealthy: 'it is unhealthy',
};

/** The agent ends a task of its own accord: who looks at the task's trace is told why. */
export function noteKill(task: TracedTask, cause: KillRequest['cause']): void {
  const why = OWN_CAUSES[cause];
  if (why !== undefined) noteOfTask(SPAN.kill, task, { [ATTRIBUTE.detail]: `by its agent: ${why}` });
}

const attributesOf = ({ frameworkId, taskId }: TracedTask): SpanAttributes => ({
  [ATTRIBUTE.taskId]: taskId,
  [ATTRIBUTE.frameworkId]: frameworkId,
});
