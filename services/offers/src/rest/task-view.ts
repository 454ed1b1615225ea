import type { TaskStatusView, TaskView } from '@tranche/contracts';
import { type CommandInfo, type ContainerID, isTerminalState, type TaskStatus } from '@tranche/mesos-api';
import type { ClusterState } from '../cluster-state.js';
import type { PastNames } from '../history/history.port.js';
import type { Task } from '../tasks/task.js';
import { exitStatusOf } from './exit-status.js';
import { amountsOf } from './resource-amounts.js';
import { causeOf } from './task-cause.js';
import { isoTime, nameOfFramework } from './view-parts.js';

/** A task, or what the history has of it: with names of what may be forgotten by now. */
export type ShownTask = Readonly<Pick<Task, 'record' | 'detail'> & Partial<PastNames>>;

/** A task as `/v1/tasks` shows it. */
export function taskView(state: ClusterState, task: ShownTask): TaskView {
  const { record, detail, frameworkName = '', agentHostname = '' } = task;
  const { info, frameworkId, agentId, runningAtMs, endedAtMs } = record;
  const last = record.statuses.at(-1);
  const exit = last !== undefined && isTerminalState(record.state) ? exitStatusOf(last) : undefined;
  const cause = causeOf(record, detail?.progress);
  const sandboxUntilMs = detail?.sandboxUntilMs;
  const containerId = record.statuses.findLast((status) => status.container_status?.container_id !== undefined)
    ?.container_status?.container_id;
  const command = commandText(info.command ?? info.executor?.command);
  return {
    id: record.taskId,
    name: info.name,
    frameworkId,
    frameworkName: nameOfFramework(state, frameworkId) || frameworkName,
    agentId,
    agentHostname: state.agents.get(agentId)?.record.hostname ?? agentHostname,
    ...(containerId === undefined ? {} : { containerId: containerName(containerId) }),
    ...(info.container?.tty_info === undefined ? {} : { hasTerminal: true }),
    role: record.role,
    user: record.user,
    state: record.state,
    ...(cause === undefined ? {} : { cause }),
    ...progressOf(record.state, detail),
    ...(last?.healthy === undefined ? {} : { healthy: last.healthy }),
    ...(sandboxUntilMs === undefined ? {} : { sandboxUntil: isoTime(sandboxUntilMs) }),
    // Its own, as its limits are: the first task of an executor holds what that has, too.
    resources: amountsOf(info.resources ?? []),
    labels: Object.fromEntries((info.labels?.labels ?? []).map(({ key, value = '' }) => [key, value])),
    ...(command === undefined ? {} : { command }),
    ...(isTerminalState(record.state) ? {} : { restarts: state.tasks.countPastOf(frameworkId, info.name) }),
    launchedAt: isoTime(record.launchedAtMs),
    ...(runningAtMs === undefined ? {} : { runningAt: isoTime(runningAtMs) }),
    ...(endedAtMs === undefined ? {} : { endedAt: isoTime(endedAtMs) }),
    ...exit,
    statuses: record.statuses.map(statusView),
    traceId: record.traceId,
  };
}

/** While it is being launched; what was told of a launch that is over is of no interest. */
const progressOf = (state: string, detail: ShownTask['detail']): Pick<TaskView, 'progress'> =>
  detail?.progress !== undefined && (state === 'TASK_STAGING' || state === 'TASK_STARTING')
    ? { progress: detail.progress }
    : {};

function statusView({ state, source, reason, message, healthy, timestamp }: TaskStatus): TaskStatusView {
  return {
    state,
    ...(source === undefined ? {} : { source }),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    ...(healthy === undefined ? {} : { healthy }),
    at: isoTime((typeof timestamp === 'number' ? timestamp : 0) * 1000),
  };
}

const containerName = ({ value, parent }: ContainerID): string =>
  parent === undefined ? value : `${containerName(parent)}.${value}`;

/** A shell command as it is; else the file with its arguments, quoted where a shell would need it. */
function commandText(command: CommandInfo | undefined): string | undefined {
  if (command === undefined) return undefined;
  const { shell = true, value, arguments: args = [] } = command;
  if (shell) return value;
  const words = args.length > 0 ? args : value === undefined ? [] : [value];
  return words.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
