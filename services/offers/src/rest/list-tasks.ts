import type { Page, TaskRecord, TaskView } from '@tranche/contracts';
import {
  type ListQuery,
  ListRequest,
  LISTS,
  type Place,
  type Placed,
  type Sight,
  sortValue,
  type SortValue,
} from '@tranche/http';
import { isTerminalState, type TaskState } from '@tranche/mesos-api';
import type { ClusterState } from '../cluster-state.js';
import { type History, type PastTask, SORT_COLUMNS, type TaskHistoryRequest } from '../history/history.port.js';
import { taskRowId } from '../history/past-rows.js';
import { ListedTask } from '../tasks/launch-order.js';
import type { Task } from '../tasks/task.js';
import type { TaskTable } from '../tasks/task-table.js';
import { isBehindHistory, ofHistory, pastRequest, timeValue, together } from './past.js';
import { readAllSeen, readSeen, seesTask } from './seen.js';
import { type ShownTask, taskView } from './task-view.js';

type TaskList = ListRequest<typeof LISTS.tasks.filters>;
type Filter = (record: TaskRecord) => boolean;

const WITHOUT_HISTORY = 'what runs can be had without: ?live=true';

/** `GET /v1/tasks`: newest launch first, from memory and history together. @param sight of who may not see everything */
export async function listTasks(
  query: ListQuery,
  { state, history, asOf }: { state: ClusterState; history: Pick<History, 'tasks' | 'count'>; asOf: number },
  sight?: Sight,
): Promise<Page<TaskView>> {
  const list: TaskList = new ListRequest(query, LISTS.tasks);
  const sees = sight && ((record: TaskRecord): boolean => seesTask(sight, state, record));
  const passes = filterOf(list, sees);
  const present = firstPresent(list, state.tasks, passes);
  const { total, ended } = list.isCounted ? countPresent(list, state.tasks, passes) : { total: 0, ended: [] };
  const { past, count } = mayHaveEnded(list) ? await readPast(list, history, { ended, sees }) : { past: [], count: 0 };
  // Those that have come back to memory since, or never left it, are told by it.
  const told = past.map((row) => new ListedTask<ShownTask>(inMemory(state.tasks, row, passes) ?? row));
  const { entries } = together<ShownTask>(present, { past: told });
  return list.page(entries, asOf, (task) => taskView(state, task), { sortedBy, total: total + count });
}

/** What the page can have of the memory: as much as fits it, and one more. In the order of launches the others are not even looked at. */
function firstPresent(list: TaskList, tasks: TaskTable, passes: Filter): readonly Placed<Task>[] {
  const { after, limit, order } = list;
  if (order.field !== undefined) return list.first(presentIn(list, tasks, passes), sortedBy);
  return listsOf(list, tasks).flatMap((listed) => {
    const walk = order.isBackwards ? listed.before(after) : listed.after(after);
    return walk
      .filter(({ entry }) => passes(entry.record))
      .take(limit + 1)
      .toArray();
  });
}

/** How many of the memory pass the filters, and which of them have ended: the history may have them too. */
function countPresent(
  list: TaskList,
  tasks: TaskTable,
  passes: Filter,
): { readonly total: number; readonly ended: readonly TaskRecord[] } {
  let total = 0;
  const ended: TaskRecord[] = [];
  for (const { entry } of presentIn(list, tasks, passes)) {
    total++;
    if (isTerminalState(entry.record.state)) ended.push(entry.record);
  }
  return { total, ended };
}

function* presentIn(list: TaskList, tasks: TaskTable, passes: Filter): Generator<ListedTask<Task>> {
  for (const listed of listsOf(list, tasks)) {
    for (const task of listed.after()) if (passes(task.entry.record)) yield task;
  }
}

const listsOf = (list: TaskList, tasks: TaskTable): ReturnType<TaskTable['order']['listsOf']> =>
  tasks.order.listsOf(list.wanted('agentId'), list.wanted('frameworkId'));

/** What the memory has of a task of the history, if that passes the filters. */
function inMemory(tasks: TaskTable, { record: past }: PastTask, passes: Filter): Task | undefined {
  return tasks
    .withId(past.taskId)
    .find(
      ({ record }) =>
        record.frameworkId === past.frameworkId && record.launchedAtMs === past.launchedAtMs && passes(record),
    );
}

/** As views have it: of a hundred thousand tasks no view is made for an order alone. */
function sortedBy({ record }: ShownTask, field: string): SortValue {
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

/** Filters that are not asked for cost nothing: a hundred thousand tasks may have to pass. */
function filterOf(list: TaskList, sees: Filter | undefined): Filter {
  const checks: Filter[] = sees === undefined ? [] : [sees];
  const equal = (filter: Parameters<TaskList['wanted']>[0], valueOf: (record: TaskRecord) => string): void => {
    const wanted = list.wanted(filter);
    if (wanted !== undefined) checks.push((record) => wanted.includes(valueOf(record)));
  };
  equal('frameworkId', ({ frameworkId }) => frameworkId);
  equal('agentId', ({ agentId }) => agentId);
  equal('state', ({ state }) => state);
  equal('name', ({ info }) => info.name);
  equal('live', ({ state }) => String(!isTerminalState(state)));
  const beginnings = list.wanted('startsWith');
  if (beginnings !== undefined) {
    checks.push(({ info, taskId }) => beginnings.some((text) => info.name.startsWith(text) || taskId.startsWith(text)));
  }
  return (record) => checks.every((check) => check(record));
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
  { ended, sees }: { readonly ended: readonly TaskRecord[]; readonly sees: Filter | undefined },
): Promise<{ readonly past: readonly PastTask[]; readonly count: number }> {
  const beginnings = list.wanted('startsWith');
  const request = {
    ...pastRequest(list, ['state', 'frameworkId', 'agentId', 'name'], SORT_COLUMNS.tasks),
    ...(beginnings && { beginnings }),
  };
  const read = (window: TaskHistoryRequest) => history.tasks(window);
  const seesRow = sees && (({ record }: PastTask): boolean => sees(record));
  const placeOf = (row: PastTask): Place => placeIn(list, row);
  const counted = async (): Promise<number> => {
    if (!list.isCounted) return 0;
    const present = ended.map(taskRowId);
    if (seesRow === undefined) return history.count({ of: 'tasks', ...request }, present);
    const all = await readAllSeen(read, request, seesRow, placeOf);
    return all.filter(({ record }) => !present.includes(taskRowId(record))).length;
  };
  const [past, count] = await ofHistory(
    () => Promise.all([isBehindHistory(list) ? [] : readSeen(read, request, seesRow, placeOf), counted()]),
    WITHOUT_HISTORY,
  );
  return { past, count };
}

function placeIn({ order: { field } }: TaskList, row: PastTask): Place {
  const { rank, key } = new ListedTask(row);
  return { rank, key, ...(field === undefined ? {} : { value: sortedBy(row, field) }) };
}
