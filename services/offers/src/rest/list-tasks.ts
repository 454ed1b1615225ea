import type { Page, TaskRecord, TaskView } from '@tranche/contracts';
import {
  type ItemCount,
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
import { causeOf } from './task-cause.js';
import { isBehindHistory, ofHistory, pastRequest, sumOf, timeValue, together } from './past.js';
import { countSeen, readSeen, type SeenRows, seesTask } from './seen.js';
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
  // What only records tell: the history is read on until there is enough of it.
  const suits = allOf([...(sees === undefined ? [] : [sees]), ...untold(list)]);
  const present = firstPresent(list, state.tasks, passes);
  const { total, ended } = list.isCounted ? countPresent(list, state.tasks, passes) : { total: 0, ended: [] };
  // Those that have come back to memory since, or never left it, are told by it.
  const toldOf = (row: PastTask): Task | undefined => inMemory(state.tasks, row, passes);
  const { past, count, upTo } = mayHaveEnded(list)
    ? await readPast(list, history, { ended, sees: suits, toldOf })
    : { past: [], count: 0, upTo: undefined };
  const told = past.map((row) => new ListedTask<ShownTask>(toldOf(row) ?? row));
  const { entries } = together<ShownTask>(present, { past: told });
  return list.page(entries, asOf, (task) => taskView(state, task), { sortedBy, total: sumOf(total, count), upTo });
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
  equal('id', ({ taskId }) => taskId);
  const beginnings = list.wanted('startsWith');
  if (beginnings !== undefined) {
    checks.push(({ info, taskId }) => beginnings.some((text) => info.name.startsWith(text) || taskId.startsWith(text)));
  }
  checks.push(...untold(list));
  return (record) => checks.every((check) => check(record));
}

/** Checks of what the history has no columns for. */
function untold(list: TaskList): readonly Filter[] {
  const checks: Filter[] = [];
  const check = (filter: Parameters<TaskList['wanted']>[0], passes: Filter): void => {
    if (list.wanted(filter) !== undefined) checks.push(passes);
  };
  check('role', ({ role }) => list.passes('role', role));
  check('user', ({ user }) => list.passes('user', user));
  check('healthy', ({ statuses }) => list.passes('healthy', String(statuses.at(-1)?.healthy)));
  check('cause', (record) => list.passes('cause', causeOf(record) ?? ''));
  check('label', ({ info }) => {
    const labels = info.labels?.labels ?? [];
    return list.selects('label', (key) => {
      const label = labels.findLast((one) => one.key === key);
      return label && (label.value ?? '');
    });
  });
  return checks;
}

const allOf = (checks: readonly Filter[]): Filter | undefined =>
  checks.length === 0 ? undefined : (record) => checks.every((check) => check(record));

/** Whether anything that has ended can pass the filters. */
function mayHaveEnded(list: TaskList): boolean {
  const states = list.wanted('state');
  const isOfEnded = states === undefined || states.some((state) => isTerminalState(state as TaskState));
  return isOfEnded && list.passes('live', 'false');
}

interface MemoryPart {
  /** Those of the memory that have ended. */
  readonly ended: readonly TaskRecord[];
  /** Whether a row is wanted, as far as the database cannot tell; undefined: all are. */
  readonly sees: Filter | undefined;
  /** What the memory tells of a row, now. */
  readonly toldOf: (row: PastTask) => Task | undefined;
}

async function readPast(
  list: TaskList,
  history: Pick<History, 'tasks' | 'count'>,
  { ended, sees, toldOf }: MemoryPart,
): Promise<{ readonly past: readonly PastTask[]; readonly count: ItemCount; readonly upTo: Place | undefined }> {
  const beginnings = list.wanted('startsWith');
  const ids = list.wanted('id');
  const page = pastRequest(list, ['state', 'frameworkId', 'agentId', 'name'], SORT_COLUMNS.tasks);
  const request = {
    ...page,
    equal: { ...page.equal, ...(ids && { taskId: ids }) },
    ...(beginnings && { beginnings }),
  };
  const read = (window: TaskHistoryRequest) => history.tasks(window);
  const seesRow = sees && (({ record }: PastTask): boolean => sees(record));
  const placeOf = (row: PastTask): Place => placeIn(list, row);
  const counted = async (): Promise<ItemCount> => {
    if (!list.isCounted) return 0;
    const present = ended.map(taskRowId);
    if (seesRow === undefined) return history.count({ of: 'tasks', ...request }, present);
    const known = new Set(present);
    const isTold = (row: PastTask): boolean => known.has(taskRowId(row.record)) || toldOf(row) !== undefined;
    const isCounted = (row: PastTask): boolean => seesRow(row) && !isTold(row);
    return countSeen(read, request, isCounted, (row) => new ListedTask(row));
  };
  // One that has come back may be elsewhere in the list: it would take the place of a row that no other page has.
  const stays = (row: PastTask): boolean => !hasMoved(list, row, toldOf(row));
  const shown = async (): Promise<SeenRows<PastTask>> => {
    if (isBehindHistory(list)) return { rows: [] };
    const rows = seesRow === undefined ? await read(request) : undefined;
    if (rows?.every(stays) === true) return { rows };
    return readSeen(read, request, (row) => seesRow?.(row) !== false && stays(row), placeOf);
  };
  const [{ rows: past, upTo }, count] = await ofHistory(() => Promise.all([shown(), counted()]), WITHOUT_HISTORY);
  return { past, count, upTo };
}

const hasMoved = ({ order: { field } }: TaskList, row: PastTask, told: Task | undefined): boolean =>
  told !== undefined && field !== undefined && sortedBy(told, field) !== sortedBy(row, field);

function placeIn({ order: { field } }: TaskList, row: PastTask): Place {
  const { rank, key } = new ListedTask(row);
  return { rank, key, ...(field === undefined ? {} : { value: sortedBy(row, field) }) };
}
