import type { TaskRecord } from '@tranche/contracts';
import { compareSorted, type ListQuery, ListRequest, LISTS, type Sight } from '@tranche/http';
import { isTerminalState, type TaskState } from '@tranche/mesos-api';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { listTasks as listClassic } from '../classic/list-tasks.js';
import type { History, PastTask, TaskHistoryRequest } from '../history/history.port.js';
import type { Task } from '../tasks/task.js';
import { TaskTable } from '../tasks/task-table.js';
import { scene, taskInfo } from '../testing/offers.fakes.js';
import { listTasks } from './list-tasks.js';

const FRAMEWORKS = ['F1', 'F2', 'F1/x'];
const AGENTS = ['S1', 'S2', 'S3'];
const NAMES = ['web', 'we', 'db'];
const ROLES = ['eng', 'eng/a', 'engine'];
const LABELS = ['', 'blue', 'green'];
const STATES: readonly TaskState[] = ['TASK_STAGING', 'TASK_RUNNING', 'TASK_FINISHED', 'TASK_FAILED'];

const timeMs = fc.integer({ min: 1, max: 30 });
const record = fc.record({
  frameworkId: fc.constantFrom(...FRAMEWORKS),
  agentId: fc.constantFrom(...AGENTS),
  user: fc.constantFrom('root', 'alice'),
  name: fc.constantFrom(...NAMES),
  role: fc.constantFrom(...ROLES),
  /** Empty: it has none. */
  color: fc.constantFrom(...LABELS),
  healthy: fc.constantFrom(undefined, true, false),
  state: fc.constantFrom(...STATES),
  launchedAtMs: timeMs,
  endedAtMs: fc.option(
    timeMs.map((ms) => ms / 4),
    { nil: undefined },
  ),
  firstStatusAtMs: fc.option(timeMs, { nil: undefined }),
});
/** Where a task is: `back` is in the memory and was in the history before, otherwise. */
const place = fc.constantFrom('present', 'present', 'completed', 'forgotten', 'back', 'past');
const cluster = fc.array(fc.tuple(record, place), { maxLength: 120, size: 'max' });

/** Seldom, for of what several filters let pass there is little to be said. */
const maybe = <T>(values: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: values });
const someOf = (values: readonly string[]) => maybe(fc.subarray([...values], { minLength: 1 }));
const query = fc.record({
  limit: fc.constantFrom('1', '3', '10', '1000'),
  sort: fc.constantFrom(undefined, ...LISTS.tasks.sorts.flatMap((sort) => [sort, `-${sort}`])),
  count: maybe(fc.constant('true')),
  state: someOf(STATES),
  frameworkId: someOf(FRAMEWORKS),
  agentId: someOf(AGENTS),
  name: someOf(NAMES),
  startsWith: someOf(['w', 'web', 't1', 'x']),
  id: someOf(['t0', 't1', 't2', 't3', 'x']),
  role: someOf(['eng', 'eng/*', 'engine']),
  user: someOf(['root', 'alice']),
  healthy: someOf(['true', 'false']),
  label: someOf(['color', 'color=blue', 'color!=green', 'color,color!=blue', 'shape']),
  live: maybe(fc.constantFrom('true', 'false')),
});

type Drawn = typeof record extends fc.Arbitrary<infer T> ? T : never;

function recordOf({ name, firstStatusAtMs, endedAtMs, color, healthy, ...drawn }: Drawn, taskId: string): TaskRecord {
  return {
    ...drawn,
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
    taskId,
    info: taskInfo(taskId, {
      name,
      ...(color === '' ? {} : { labels: { labels: [{ key: 'color', value: color }] } }),
    }),
    resources: [],
    statuses:
      firstStatusAtMs === undefined
        ? []
        : [
            {
              task_id: { value: taskId },
              state: drawn.state,
              timestamp: firstStatusAtMs / 1000,
              ...(healthy === undefined ? {} : { healthy }),
            },
          ],
    traceId: '',
  };
}

function clusterOf(drawn: readonly (readonly [Drawn, string])[]): { tasks: TaskTable; past: PastTask[] } {
  const tasks = new TaskTable(20);
  const past: PastTask[] = [];
  drawn.forEach(([values, where], index) => {
    const task: Task = { record: recordOf(values, `t${index}`), stage: 'live', held: [], heldForExecutor: [] };
    if (where !== 'past') tasks.add(task);
    if (where === 'past' || where === 'back') {
      const ended = { ...task.record, state: 'TASK_FAILED' as const, endedAtMs: 15 };
      past.push({ record: ended, frameworkName: '', agentHostname: '' });
    }
    if (where === 'completed' || where === 'forgotten') tasks.complete(task);
    if (where === 'forgotten') tasks.forget(task);
  });
  return { tasks, past };
}

/** What of a query the database can tell. */
function isTold(asked: ListQuery, { state, frameworkId, agentId, taskId, info }: TaskRecord): boolean {
  const has = (filter: string, ...values: string[]): boolean =>
    asked[filter] === undefined || [asked[filter]].flat().some((wanted) => values.includes(wanted));
  const beginnings = asked['startsWith'] === undefined ? [''] : [asked['startsWith']].flat();
  return (
    has('state', state) &&
    has('frameworkId', frameworkId) &&
    has('agentId', agentId) &&
    has('name', info.name) &&
    has('id', taskId) &&
    has('live', String(!isTerminalState(state))) &&
    beginnings.some((text) => info.name.startsWith(text) || taskId.startsWith(text))
  );
}

/** What a query lets pass, without any index. */
function passes(asked: ListQuery, record: TaskRecord): boolean {
  const { role, user, statuses, info } = record;
  const has = (filter: string, test: (wanted: string) => boolean): boolean =>
    asked[filter] === undefined || [asked[filter]].flat().some(test);
  const color = info.labels?.labels?.[0]?.value;
  const ofLabel: Readonly<Record<string, boolean>> = {
    color: color !== undefined,
    'color=blue': color === 'blue',
    'color!=green': color !== 'green',
    'color,color!=blue': color !== undefined && color !== 'blue',
    shape: false,
  };
  return (
    isTold(asked, record) &&
    has('role', (wanted) => (wanted === 'eng/*' ? role === 'eng/a' : role === wanted)) &&
    has('user', (wanted) => user === wanted) &&
    has('healthy', (wanted) => String(statuses.at(-1)?.healthy) === wanted) &&
    has('label', (wanted) => ofLabel[wanted] === true)
  );
}

/** Records in the order that is asked for, behind the cursor: all of them sorted. */
function inOrder(asked: ListQuery, records: readonly TaskRecord[]): string[] {
  const { order, after } = new ListRequest(asked, LISTS.tasks);
  const values: Readonly<Record<string, (record: TaskRecord) => string | undefined>> = {
    id: ({ taskId }) => taskId,
    name: ({ info }) => info.name,
    endedAt: ({ endedAtMs }) => (endedAtMs === undefined ? undefined : new Date(endedAtMs).toISOString()),
    frameworkId: ({ frameworkId }) => frameworkId,
    agentId: ({ agentId }) => agentId,
  };
  return records
    .map((one) => ({
      rank: -one.launchedAtMs,
      key: `${one.frameworkId}/${one.taskId}`,
      ...(order.field === undefined ? {} : { value: values[order.field]?.(one) }),
      told: `${one.taskId} ${one.state}`,
    }))
    .filter((placed) => after === undefined || order.compare(placed, after) > 0)
    .toSorted((a, b) => order.compare(a, b))
    .map(({ told }) => told);
}

/** What a database gives of past tasks that pass the filters. */
function pageOf(past: readonly PastTask[], { after, limit, sort }: TaskHistoryRequest): PastTask[] {
  const isBackwards = sort?.isBackwards ?? false;
  const valueOf = ({ taskId, info, endedAtMs = 0, frameworkId, agentId }: TaskRecord): string | undefined =>
    sort?.by &&
    { taskId, name: info.name, endedAtMs: new Date(endedAtMs).toISOString(), frameworkId, agentId }[sort.by];
  const placed = past.map((row) => {
    const { launchedAtMs, frameworkId, taskId } = row.record;
    return { row, rank: -launchedAtMs, key: `${frameworkId}/${taskId}`, value: valueOf(row.record) };
  });
  return placed
    .filter((one) => after === undefined || compareSorted(one, after, isBackwards) > 0)
    .toSorted((a, b) => compareSorted(a, b, isBackwards))
    .slice(0, limit)
    .map(({ row }) => row);
}

/** Of those who may not see everything. */
const OF_ALICE: Pick<Sight, 'task'> = { task: (user) => user === 'alice' };

it('GET /v1/tasks gives page by page what filtering and sorting everything that may be seen gives', async () => {
  await fc.assert(
    fc.asyncProperty(cluster, query, maybe(fc.constant(OF_ALICE as Sight)), async (drawn, drawnQuery, sight) => {
      const { tasks, past } = clusterOf(drawn);
      const state = { ...scene().state, tasks };
      const asked = Object.fromEntries(Object.entries(drawnQuery).filter(([, value]) => value !== undefined));
      const sees = ({ user }: TaskRecord): boolean => sight === undefined || sight.task(user, undefined);
      const present = [...tasks.allPresent(), ...tasks.allCompleted()]
        .map((task) => task.record)
        .filter((one) => passes(asked, one) && sees(one));
      const known = new Set(present.map(({ taskId }) => taskId));
      const isEndedWanted = STATES.some(
        (one) =>
          isTerminalState(one) && isTold({ state: asked['state'], live: asked['live'] }, { ...EMPTY, state: one }),
      );
      const ended = past.filter((row) => isEndedWanted && passes({ ...asked, live: undefined }, row.record));
      const told = isEndedWanted ? past.filter((row) => isTold({ ...asked, live: undefined }, row.record)) : [];
      const others = ended.filter(({ record: { taskId } }) => !known.has(taskId));
      const history: Pick<History, 'tasks' | 'count'> = {
        tasks: async (window) => pageOf(told, window),
        count: async () => others.length,
      };
      const all = [...present, ...others.map((row) => row.record).filter(sees)];
      for (let after: string | undefined; ; ) {
        const request = { ...asked, ...(after === undefined ? {} : { after }) };
        const page = await listTasks(request, { state, history, asOf: 7 }, sight);
        const expected = inOrder(request, all);
        expect(page.items.map(({ id, state: of }) => `${id} ${of}`)).toEqual(expected.slice(0, Number(asked['limit'])));
        expect(page.next !== undefined).toBe(expected.length > page.items.length);
        expect(page.total).toBe(asked['count'] === undefined ? undefined : all.length);
        after = page.next;
        if (after === undefined) return;
      }
    }),
    { numRuns: 300 },
  );
});

it('/tasks gives what sorting all by first status and launch gives', () => {
  const window = fc.record({
    limit: fc.constantFrom(-1, 0, 1, 5, 100),
    offset: fc.constantFrom(-1, 0, 1, 7),
    ascending: fc.boolean(),
    frameworkId: maybe(fc.constantFrom(...FRAMEWORKS)),
  });
  fc.assert(
    fc.property(cluster, window, (drawn, asked) => {
      const { tasks } = clusterOf(drawn);
      const { limit, offset, ascending, frameworkId } = asked;
      const sorted = [...tasks.allPresent(), ...tasks.allCompleted()]
        .map((task) => task.record)
        .filter((one) => frameworkId === undefined || one.frameworkId === frameworkId)
        .toSorted((a, b) => (ascending ? 1 : -1) * (atOf(a) - atOf(b) || -compareListed(a, b)))
        .map(({ taskId }) => taskId);
      const end = limit < 0 ? sorted.length : offset + limit;
      const found = listClassic({ ...scene().state, tasks }, asked).map((task) => task.record.taskId);
      expect(found).toEqual(offset < 0 ? [] : sorted.slice(offset, end));
    }),
    { numRuns: 300 },
  );
});

const atOf = ({ statuses }: TaskRecord): number => Number(statuses[0]?.timestamp ?? 0);

/** The newest launch first, then by key. */
function compareListed(a: TaskRecord, b: TaskRecord): number {
  const [first, second] = [a, b].map(({ frameworkId, taskId }) => `${frameworkId}/${taskId}`) as [string, string];
  return b.launchedAtMs - a.launchedAtMs || (first < second ? -1 : Number(first > second));
}

const EMPTY = { frameworkId: '', agentId: '', taskId: '', info: { name: '' } } as TaskRecord;
