import type { ReportTaskStatus } from '@tranche/contracts';
import type { SchedulerCall } from '@tranche/mesos-api';
import {
  ATTRIBUTE,
  activeSpan,
  activeTracer,
  BY_FRAMEWORK,
  contextOfStored,
  inSpan,
  preciseNowMs,
  runInTrace,
  SPAN,
  type SpanAttributes,
  type StoredTrace,
} from '@tranche/telemetry';
import type { Framework } from '../frameworks/framework.js';
import type { TaskTable } from './task-table.js';
import type { Task } from './task.js';

/** When the newest update of a task went to its framework, as long as that has not acknowledged it. */
const forwarded = new WeakMap<Task, { readonly uuid: string; readonly atMs: number }>();

/** Says on the request's span what a scheduler wants. A KILL is seen in the trace of its task, too. */
export function describeCall(tasks: TaskTable, { frameworkId, record }: Framework, call: SchedulerCall): void {
  const { accept, kill } = call;
  const launches = (accept?.operations ?? []).flatMap(({ launch, launch_group }) => [
    ...(launch?.task_infos ?? []),
    ...(launch_group?.task_group.tasks ?? []),
  ]);
  const [only] = launches.length === 1 ? launches : [];
  activeSpan()?.set({
    [ATTRIBUTE.call]: call.type ?? 'UNKNOWN',
    [ATTRIBUTE.frameworkId]: frameworkId,
    [ATTRIBUTE.frameworkName]: record.info.name,
    ...(accept === undefined ? {} : { [ATTRIBUTE.offers]: accept.offer_ids?.length ?? 0 }),
    ...(launches.length === 0 ? {} : { [ATTRIBUTE.tasks]: launches.length }),
    ...(kill === undefined ? {} : { [ATTRIBUTE.taskId]: kill.task_id.value }),
    ...(only === undefined ? {} : { [ATTRIBUTE.taskId]: only.task_id.value, [ATTRIBUTE.taskName]: only.name }),
  });
  if (kill === undefined) return;
  const task = tasks.get(frameworkId, kill.task_id.value);
  if (task !== undefined) noteOfTask(SPAN.kill, task, { [ATTRIBUTE.detail]: BY_FRAMEWORK });
}

/** Runs what an agent's update does in the trace of its task, as a span of its own; a repeated one says so. */
export function inUpdateSpan(report: ReportTaskStatus, task: Task | undefined, run: () => void): void {
  const { agentId, frameworkId, taskId, status } = report;
  const isRepeated = status.uuid !== undefined && task?.forwardedUuid === status.uuid;
  const attributes = {
    [ATTRIBUTE.taskId]: taskId,
    [ATTRIBUTE.frameworkId]: frameworkId,
    [ATTRIBUTE.agentId]: agentId,
    [ATTRIBUTE.state]: status.state ?? '',
    ...(status.reason === undefined ? {} : { [ATTRIBUTE.reason]: status.reason }),
    ...(isRepeated ? { [ATTRIBUTE.duplicate]: true } : {}),
  };
  runInTrace(contextOfStored(report), () => inSpan(SPAN.update, { attributes }, run));
  if (task !== undefined && status.uuid !== undefined && activeTracer().isOn) {
    forwarded.set(task, { uuid: status.uuid, atMs: preciseNowMs() });
  }
}

/** The framework has acknowledged an update: shows how long that took. */
export function noteAcknowledged(task: Task | undefined, uuid: string | undefined): void {
  const sent = task === undefined ? undefined : forwarded.get(task);
  if (task === undefined || sent === undefined || sent.uuid !== uuid) return;
  forwarded.delete(task);
  noteOfTask(SPAN.acknowledge, task, { [ATTRIBUTE.state]: task.record.state }, sent.atMs);
}

/** A thing that happened to a task. @param startMs default: now, for a moment */
export function noteOfTask(name: string, { record }: Task, more: SpanAttributes, startMs = preciseNowMs()): void {
  const { frameworkId, taskId, agentId } = record;
  const attributes = {
    [ATTRIBUTE.taskId]: taskId,
    [ATTRIBUTE.frameworkId]: frameworkId,
    [ATTRIBUTE.agentId]: agentId,
    ...more,
  };
  activeTracer().begin(name, contextOfStored(record), { attributes, startMs }).end();
}

/** What a message about a task says of its trace. */
export const storedOf = ({ traceId, traceparent }: StoredTrace): StoredTrace =>
  traceparent === undefined ? { traceId } : { traceId, traceparent };
