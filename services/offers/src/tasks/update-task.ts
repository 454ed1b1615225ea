import type { NoteTaskDetail, NoteTaskStatus, ReportTaskStatus } from '@tranche/contracts';
import { isTerminalState, type TaskStatus } from '@tranche/mesos-api';
import { askToRegister } from '../agents/ask-agents.js';
import { sendEvent } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import { setStatus } from './complete-task.js';
import { releaseResources } from './release-resources.js';
import type { Heard, Task } from './task.js';
import { withOvertaken } from './task-status.js';
import { isKnown } from './task-table.js';

type Context = Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'agents' | 'clock'>;

/**
 * Takes a status update from an agent: updates the task, frees its resources at once if it has ended, and passes the update on.
 *
 * A repeated update is passed on again, since the framework may have missed it, but changes nothing; one that the framework has acknowledged to this life
 * of the service is acknowledged again instead, since its agent may have missed that. Updates of frameworks that have ended are
 * acknowledged here: nobody else would, and the agent would repeat them for ever. An unknown task was launched by a former life of this service that
 * ended before the database had it: its agent is asked to tell what it runs, so that it is in the books.
 *
 * @param heard the message that it came with
 * @returns false: of a framework or a task that is not known
 */
export function updateTask(context: Context, report: ReportTaskStatus, heard?: Heard): boolean {
  const { agentId, frameworkId, taskId } = report;
  const framework = context.state.frameworks.get(frameworkId);
  if (framework === undefined) {
    hearForNobody(context, report);
    return false;
  }
  if (isAcknowledged(context.state.tasks, report)) {
    acknowledgeAgain(context, report);
    return true;
  }
  const status = completed(report, context.clock.nowMs());
  const task = context.state.tasks.get(frameworkId, taskId);
  const isHere = task !== undefined && task.record.agentId === agentId;
  const isValid = isHere || isKnown(context.state.tasks, report);
  if (isHere) applyStatus(context, task, status, heard);
  else if (!isValid) askToRegister(context, agentId, `task ${taskId} is not known`);
  sendEvent(framework, { type: 'UPDATE', update: { status } });
  return isValid;
}

function isAcknowledged(
  tasks: OffersContext['state']['tasks'],
  { agentId, frameworkId, taskId, status: { uuid } }: ReportTaskStatus,
): boolean {
  const isIt = ({ record, acknowledgedUuid }: Task): boolean =>
    acknowledgedUuid === uuid && record.frameworkId === frameworkId && record.agentId === agentId;
  return uuid !== undefined && tasks.withId(taskId).some(isIt);
}

/** An end goes after the database once more. @see acknowledgeUpdate */
function acknowledgeAgain({ agents }: Context, { agentId, frameworkId, taskId, status }: ReportTaskStatus): void {
  const item = { frameworkId, taskId, uuid: status.uuid ?? '' };
  if (isTerminalState(status.state)) agents.acknowledgeEnd(agentId, item);
  else agents.acknowledge(agentId, item);
}

/** Of a framework that has ended; or of one that a former life subscribed and did not live to write down: then its agent knows it, and is asked. */
function hearForNobody(context: Context, { agentId, frameworkId, taskId, status: { uuid } }: ReportTaskStatus): void {
  const { agents, frameworks } = context.state;
  const hasEnded = frameworks.completed(frameworkId) !== undefined || agents.told.has(agentId);
  if (!hasEnded) askToRegister(context, agentId, `framework ${frameworkId} is not known`);
  else if (uuid !== undefined) context.agents.acknowledge(agentId, { frameworkId, taskId, uuid });
}

/** Takes the newest status of a task whose framework has older ones to acknowledge first: the books follow, nothing is passed on. */
export function noteStatus(context: Context, note: NoteTaskStatus): void {
  const task = context.state.tasks.get(note.frameworkId, note.taskId);
  if (task !== undefined && task.record.agentId === note.agentId) bookStatus(context, task, note.status);
}

/** Takes what an agent tells of a task beside its statuses: of the live one or, when ids were used again, of the one with that container. */
export function noteDetail({ state }: Pick<OffersContext, 'state'>, note: NoteTaskDetail): void {
  const tasks = state.tasks
    .withId(note.taskId)
    .filter(({ record }) => record.frameworkId === note.frameworkId && record.agentId === note.agentId);
  const task = tasks.findLast((candidate) => hasContainer(candidate, note.containerId)) ?? tasks.at(-1);
  if (task === undefined) return;
  const { progress, sandboxUntilMs } = note;
  task.detail = {
    ...task.detail,
    ...(progress === undefined ? {} : { progress }),
    ...(sandboxUntilMs === undefined ? {} : { sandboxUntilMs }),
  };
}

const hasContainer = ({ record }: Task, containerId: string): boolean =>
  record.statuses.some((status) => status.container_status?.container_id?.value === containerId);

/** Members that the agent should have set, and the framework relies on. */
function completed(report: ReportTaskStatus, nowMs: number): TaskStatus {
  return { agent_id: { value: report.agentId }, timestamp: nowMs / 1000, ...report.status };
}

/**
 * Books a status that the framework is told, as far as it is news.
 *
 * @param heard the message that told it; undefined: it is what an agent said of itself
 */
export function applyStatus(context: Context, task: Task, status: TaskStatus, heard: Heard | undefined): void {
  if (heard !== undefined) task.heard = heard;
  if (status.uuid !== undefined && status.uuid === task.forwardedUuid) return;
  // What comes after the end that the framework was told is passed on, and is not what it is told last.
  if (isEndTold(task)) return;
  if (status.uuid !== undefined) task.forwardedUuid = status.uuid;
  if (bookStatus(context, task, status)) return;
  // A newer one was noted before: that this one was told has to be remembered all the same.
  task.record = { ...task.record, statuses: withOvertaken(task.record.statuses, status) };
  context.changes.taskUpdated(task);
}

const isEndTold = ({ record, forwardedUuid }: Task): boolean => {
  const last = record.statuses.at(-1);
  return last?.uuid !== undefined && last.uuid === forwardedUuid && isTerminalState(last.state);
};

/** @returns false when the books have a newer one */
function bookStatus(context: Context, task: Task, status: TaskStatus): boolean {
  if (!canFollow(task, status)) return false;
  setStatus(task, status);
  if (status.source === 'SOURCE_EXECUTOR') context.state.tasks.executors.heard(task);
  const stateIt = (): void => context.changes.taskUpdated(task, status);
  if (isTerminalState(status.state)) {
    task.stage = 'live';
    releaseResources(context, task, stateIt);
  } else stateIt();
  return true;
}

/**
 * Whether a status may change the books. After the end nothing does. Of a task on a silent agent only the end counts: that it runs is
 * for the agent's registration to say, which tells everything that it holds. An update that waited for its turn may be older than what is
 * booked already.
 */
function canFollow(task: Task, status: TaskStatus): boolean {
  if (isTerminalState(status.state)) return task.stage === 'unreachable' || !isTerminalState(task.record.state);
  return (
    task.stage !== 'unreachable' && !isTerminalState(task.record.state) && !isPast(status, task.record.statuses.at(-1))
  );
}

const isPast = (status: TaskStatus, booked: TaskStatus | undefined): boolean =>
  typeof status.timestamp === 'number' && typeof booked?.timestamp === 'number' && status.timestamp < booked.timestamp;
