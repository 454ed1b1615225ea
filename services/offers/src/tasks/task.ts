import type { NoteTaskDetail, TaskRecord, TaskReport } from '@tranche/contracts';
import {
  type ExecutorInfo,
  isTerminalState,
  type KillPolicy,
  type Resource,
  type TaskInfo,
  type TaskStatus,
} from '@tranche/mesos-api';
import { withOvertaken } from './task-status.js';

/**
 * Where a task stands in the books.
 * `live`: it occupies its id, and until a terminal status its resources · `unreachable`: its agent is silent; it occupies its id only ·
 * `completed`: ended and acknowledged, history.
 */
export type TaskStage = 'live' | 'unreachable' | 'completed';

/** One task: its record, and what this service needs to keep the books. */
export interface Task {
  /** Replaced on every change, never changed in place: it may be in a message that has not left yet. */
  record: TaskRecord;
  stage: TaskStage;
  /** What it holds itself, without `allocation_info`; empty once it has ended or its agent is lost. */
  held: readonly Resource[];
  /** What it holds for its executor: goes to another task of the executor when this one ends first. */
  heldForExecutor: readonly Resource[];
  /** The task group that it was launched with, named by the group's first task. */
  readonly groupId?: string;
  /** Base64 uuid of the newest update that was passed on; only that one's acknowledgement completes the task. */
  forwardedUuid?: string;
  /** Base64 uuid of the newest update whose acknowledgement this life of the service has taken. */
  acknowledgedUuid?: string;
  /** The newest message of its agent that told a status of it: number in the count of one life of the agent. */
  heard?: Heard;
  /** The framework wants it dead: said again to an agent that comes back. */
  kill?: { readonly policy?: KillPolicy };
  /** What its agent has told beside its statuses, for people; lost at a restart. */
  detail?: TaskDetail;
}

export interface Heard {
  /** `agent/1f6c…` */
  readonly source: string;
  readonly sequence: number;
}

/** What no status says of a task. */
export interface TaskDetail {
  /** How far its launch is, until the next status. */
  readonly progress?: NoteTaskDetail['progress'];
  /** When the sandbox of the ended task is removed. */
  readonly sandboxUntilMs?: number | undefined;
}

/** The executor that runs a task: its own for a custom executor; undefined for a command task, whose agent plays the executor. */
export const executorOf = (task: Pick<Task, 'record'>): ExecutorInfo | undefined => task.record.info.executor;

/**
 * A task as its agent reports it.
 *
 * @param on user: the framework's, for commands that name none; nowMs: taken for its launch when no status says when it began
 */
export function taskOf(
  report: TaskReport,
  on: { readonly agentId: string; readonly user: string; readonly nowMs: number },
): Task {
  const { task: info, latestStatus, frameworkId, role, traceId, traceparent } = report;
  const inDelivery = statusInDelivery(report);
  // An agent of an older version does not say which it is.
  const forwarded = inDelivery ?? latestStatus;
  const statuses = latestStatus === undefined ? [] : [latestStatus];
  const state = latestStatus?.state ?? 'TASK_STAGING';
  const held = unallocated(info.resources ?? []);
  const heldForExecutor = unallocated(info.executor?.resources ?? []);
  const hasEnded = isTerminalState(state);
  const seenAtMs = typeof latestStatus?.timestamp === 'number' ? latestStatus.timestamp * 1000 : on.nowMs;
  return {
    stage: 'live',
    held: hasEnded ? [] : held,
    heldForExecutor: hasEnded ? [] : heldForExecutor,
    ...(forwarded?.uuid === undefined ? {} : { forwardedUuid: forwarded.uuid }),
    record: {
      frameworkId,
      taskId: info.task_id.value,
      agentId: on.agentId,
      role,
      info,
      resources: [...held, ...heldForExecutor],
      state,
      statuses: inDelivery === undefined ? statuses : withOvertaken(statuses, inDelivery),
      user: userOf(info, on.user),
      launchedAtMs: seenAtMs,
      ...(state === 'TASK_RUNNING' ? { runningAtMs: seenAtMs } : {}),
      ...(hasEnded ? { endedAtMs: seenAtMs } : {}),
      traceId,
      ...(traceparent === undefined ? {} : { traceparent }),
    },
  };
}

/** What the framework is being told of a task, or was told last, as its agent says; undefined: that is not known. */
export function statusInDelivery({ inDelivery, latestStatus }: TaskReport): TaskStatus | undefined {
  if (inDelivery === undefined) return undefined;
  return inDelivery.status ?? (latestStatus?.uuid === inDelivery.uuid ? latestStatus : undefined);
}

/** Documents without the role that they are allocated to: the role stands beside them. */
export const unallocated = (resources: readonly Resource[]): Resource[] =>
  resources.map(({ allocation_info: _beside, ...resource }) => resource);

/** Whom a task runs as: the user of its command, else of its executor's, else of its framework. */
export const userOf = (info: TaskInfo, frameworkUser: string): string =>
  info.command?.user ?? info.executor?.command?.user ?? frameworkUser;
