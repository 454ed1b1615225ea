import { type FactNumbers, ReportTaskStatusV1, type TaskReport } from '@tranche/contracts';
import { isTerminalState } from '@tranche/mesos-api';
import type { Task } from '../tasks/task.js';

/** What has to be done so that the books agree with what an agent says runs on it. */
export interface Reconciliation {
  /** Runs there, unknown here. */
  readonly adopt: readonly TaskReport[];
  /** Was on a silent agent, runs on. */
  readonly revive: readonly { readonly task: Task; readonly report: TaskReport }[];
  /** Known here and there; what its framework is being told may be news here, when an earlier life of the service did not write it down. */
  readonly follow: readonly { readonly task: Task; readonly report: TaskReport }[];
  /** Known here and there, and wanted dead by its framework. */
  readonly killAgain: readonly Task[];
  /** Sent to the agent, of which nothing was ever heard: the launch may have been lost with a queue. It is sent again. */
  readonly launchAgain: readonly Task[];
  /** Ended, and its agent has forgotten it: there will be no further acknowledgement. */
  readonly complete: readonly Task[];
  /** Should run there and does not. */
  readonly lost: readonly Task[];
}

/**
 * Compares the tasks that an agent reports with those that are known of it. The agent is the last word on what runs on it.
 *
 * @param known live and unreachable tasks of the agent
 * @param reports those of frameworks that are not completed
 * @param sent how far the agent had counted its messages when it made the report: a task that it has told of since is not lost
 */
export function planReconciliation(
  known: readonly Task[],
  reports: readonly TaskReport[],
  sent?: FactNumbers,
): Reconciliation {
  const plan = {
    adopt: [] as TaskReport[],
    revive: [] as { task: Task; report: TaskReport }[],
    follow: [] as { task: Task; report: TaskReport }[],
    killAgain: [] as Task[],
    launchAgain: [] as Task[],
    complete: [] as Task[],
    lost: [] as Task[],
  };
  const byKey = new Map(known.map((task) => [keyOf(task.record.frameworkId, task.record.taskId), task]));
  for (const report of reports) {
    const key = keyOf(report.frameworkId, report.task.task_id.value);
    const task = byKey.get(key);
    byKey.delete(key);
    if (task === undefined) plan.adopt.push(report);
    else if (task.stage === 'unreachable') plan.revive.push({ task, report });
    else {
      if (!isHeardSince(task, sent)) plan.follow.push({ task, report });
      if (task.kill !== undefined) plan.killAgain.push(task);
    }
  }
  for (const task of byKey.values()) {
    if (task.stage === 'live' && isTerminalState(task.record.state)) plan.complete.push(task);
    else if (task.stage === 'live' && task.record.statuses.length === 0) plan.launchAgain.push(task);
    else if (!isHeardSince(task, sent)) plan.lost.push(task);
  }
  return plan;
}

/**
 * Whether the agent has told a status of a task, or an operation, after its report: the report took another way, and came later.
 *
 * @param contract of the message that tells such statuses
 */
export const isHeardSince = (
  { heard }: Pick<Task, 'heard'>,
  sent: FactNumbers | undefined,
  { pattern }: { readonly pattern: string } = ReportTaskStatusV1,
): boolean => heard !== undefined && heard.source === sent?.source && heard.sequence > (sent.numbers[pattern] ?? 0);

const keyOf = (frameworkId: string, taskId: string): string => `${frameworkId}/${taskId}`;
