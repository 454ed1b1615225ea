import type { Page, TaskRecord, TaskView } from '@tranche/contracts';
import { type ListQuery, ListRequest, LISTS } from '@tranche/http';
import { isTerminalState, type TaskState } from '@tranche/mesos-api';
import type { ClusterState } from '../cluster-state.js';
import type { History } from '../history/history.port.js';
import { ofHistory, pastRequest, together } from './past.js';
import { taskView } from './task-view.js';

type TaskList = ListRequest<typeof LISTS.tasks>;

const WITHOUT_HISTORY = 'what runs can be had without: ?live=true';

/** `GET /v1/tasks`: newest launch first, from memory and history together. */
export async function listTasks(
  query: ListQuery,
  { state, history, asOf }: { state: ClusterState; history: Pick<History, 'tasks'>; asOf: number },
): Promise<Page<TaskView>> {
  const list: TaskList = new ListRequest(query, LISTS.tasks);
  const present = [...state.tasks.allPresent(), ...state.tasks.allCompleted()]
    .filter(({ record }) => passes(list, record))
    .map((task) => ({ entry: () => taskView(state, task), ...placeOf(task.record) }));
  const past = mayHaveEnded(list) ? await readPast(list, history) : [];
  // Those that have come back to memory since, or never left it, are told by it.
  const entries = together(
    present,
    past.map((task) => ({ entry: () => taskView(state, task, task), ...placeOf(task.record) })),
  );
  return list.page(entries, asOf, (view) => view());
}

const placeOf = ({ frameworkId, taskId, launchedAtMs }: TaskRecord): { rank: number; key: string } => ({
  rank: -launchedAtMs,
  key: `${frameworkId}/${taskId}`,
});

function passes(list: TaskList, { state, info, frameworkId, agentId, taskId }: TaskRecord): boolean {
  const beginnings = list.wanted('startsWith');
  return (
    list.passes('state', state) &&
    list.passes('name', info.name) &&
    list.passes('frameworkId', frameworkId) &&
    list.passes('agentId', agentId) &&
    list.passes('live', String(!isTerminalState(state))) &&
    (beginnings === undefined || beginnings.some((text) => info.name.startsWith(text) || taskId.startsWith(text)))
  );
}

/** Whether anything that has ended can pass the filters. */
function mayHaveEnded(list: TaskList): boolean {
  const states = list.wanted('state');
  const isOfEnded = states === undefined || states.some((state) => isTerminalState(state as TaskState));
  return isOfEnded && list.passes('live', 'false');
}

function readPast(list: TaskList, history: Pick<History, 'tasks'>): ReturnType<History['tasks']> {
  const beginnings = list.wanted('startsWith');
  const request = pastRequest(list, ['state', 'frameworkId', 'agentId', 'name']);
  return ofHistory(() => history.tasks({ ...request, ...(beginnings && { beginnings }) }), WITHOUT_HISTORY);
}
