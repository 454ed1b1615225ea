import type { Page, TaskRecord, TaskView } from '@tranche/contracts';
import { type ListQuery, ListRequest, LISTS, sortValue, type SortValue } from '@tranche/http';
import { isTerminalState, type TaskState } from '@tranche/mesos-api';
import type { ClusterState } from '../cluster-state.js';
import { type History, type PastTask, SORT_COLUMNS } from '../history/history.port.js';
import { taskRowId } from '../history/past-rows.js';
import { isBehindHistory, ofHistory, pastRequest, timeValue, together } from './past.js';
import { taskView } from './task-view.js';

type TaskList = ListRequest<typeof LISTS.tasks.filters>;

const WITHOUT_HISTORY = 'what runs can be had without: ?live=true';

/** `GET /v1/tasks`: newest launch first, from memory and history together. */
export async function listTasks(
  query: ListQuery,
  { state, history, asOf }: { state: ClusterState; history: Pick<History, 'tasks' | 'count'>; asOf: number },
): Promise<Page<TaskView>> {
  const list: TaskList = new ListRequest(query, LISTS.tasks);
  const present = [...state.tasks.allPresent(), ...state.tasks.allCompleted()]
    .filter(({ record }) => passes(list, record))
    .map((task) => ({ entry: { record: task.record, view: () => taskView(state, task) }, ...placeOf(task.record) }));
  const records = present.map(({ entry }) => entry.record);
  const { past, count } = mayHaveEnded(list) ? await readPast(list, history, records) : { past: [], count: 0 };
  // Those that have come back to memory since, or never left it, are told by it.
  const { entries, total } = together<ListedTask>(present, {
    past: past.map((task) => ({
      entry: { record: task.record, view: () => taskView(state, task, task) },
      ...placeOf(task.record),
    })),
    ...(list.isCounted ? { count } : {}),
  });
  return list.page(entries, asOf, ({ view }) => view(), { sortedBy, ...(total === undefined ? {} : { total }) });
}

interface ListedTask {
  readonly record: TaskRecord;
  readonly view: () => TaskView;
}

/** As views have it: of a hundred thousand tasks no view is made for an order alone. */
function sortedBy({ record }: ListedTask, field: string): SortValue {
  switch (field) {
    case 'id':
      return sortValue(record.taskId);
    case 'name':
      return sortValue(record.info.name);
    case 'endedAt':
      return timeValue(record.endedAtMs);
    default:
      return record[field as 'frameworkId' | 'agentId'];
  }
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

async function readPast(
  list: TaskList,
  history: Pick<History, 'tasks' | 'count'>,
  present: readonly TaskRecord[],
): Promise<{ readonly past: readonly PastTask[]; readonly count: number }> {
  const beginnings = list.wanted('startsWith');
  const request = {
    ...pastRequest(list, ['state', 'frameworkId', 'agentId', 'name'], SORT_COLUMNS.tasks),
    ...(beginnings && { beginnings }),
  };
  const ended = present.filter(({ state }) => list.isCounted && isTerminalState(state));
  const [past, count] = await ofHistory(
    () =>
      Promise.all([
        isBehindHistory(list) ? [] : history.tasks(request),
        list.isCounted ? history.count({ of: 'tasks', ...request }, ended.map(taskRowId)) : 0,
      ]),
    WITHOUT_HISTORY,
  );
  return { past, count };
}
