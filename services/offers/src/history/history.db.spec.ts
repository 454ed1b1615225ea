import type { FrameworkRecord, OperationRecord, TaskRecord } from '@tranche/contracts';
import { BulkWriter, openDatabase, revertMigrations } from '@tranche/persistence';
import { testDatabases } from '@tranche/test-servers';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FrameworkSchema, TaskSchema } from '../storage/offers.schema.js';
import { offersDatabase } from '../storage/offers.database.js';
import { frameworkInfo, scalar, taskInfo } from '../testing/offers.fakes.js';
import { subscribed, removed } from '../frameworks/framework-state.js';
import type { TaskHistoryRequest } from './history.port.js';
import { PastFrameworkSchema, PastOperationSchema, PastTaskSchema } from './history.schema.js';
import { TypeormHistory } from './history.typeorm.js';
import { pastFrameworkRow, pastOperationRow, pastTaskRow, taskRowId } from './past-rows.js';

const names = { frameworkName: 'spark', agentHostname: 'n1' };
const WHOLE = { index: 0, count: 1 };

const task = (taskId: string, launchedAtMs: number, more: Partial<TaskRecord> = {}): TaskRecord => ({
  frameworkId: 'F',
  taskId,
  agentId: 'S1',
  role: 'web',
  info: taskInfo(taskId),
  resources: [scalar('cpus', 1)],
  state: 'TASK_FINISHED',
  statuses: [],
  user: 'u',
  launchedAtMs,
  endedAtMs: launchedAtMs + 10,
  traceId: '',
  ...more,
});

const framework = (frameworkId: string, atMs: number, roles = ['web']): FrameworkRecord => {
  const terms = { info: frameworkInfo({ roles, name: `name of ${frameworkId}` }), suppressedRoles: [] };
  return removed(subscribed(frameworkId, terms, atMs), 'torn down', atMs + 10);
};

const uuid = (n: number): string => Buffer.from(String(n).padStart(16, '0')).toString('base64');
const operation = (n: number, more: Partial<OperationRecord> = {}): OperationRecord => ({
  operationUuid: uuid(n),
  agentId: 'S1',
  frameworkId: 'F',
  role: 'web',
  info: { type: 'RESERVE', reserve: { resources: [] } },
  latestStatus: { state: 'OPERATION_FINISHED' },
  statuses: [{ state: 'OPERATION_FINISHED' }],
  acceptedAtMs: n,
  endedAtMs: n + 10,
  traceId: '',
  ...more,
});

for (const database of testDatabases())
  describe.skipIf(database.missing)(`history on ${database.name}`, () => {
    let source: DataSource;
    let writer: BulkWriter;

    beforeEach(async () => {
      source = await openDatabase({ ...offersDatabase, url: await database.freshUrl() });
      writer = new BulkWriter(source);
    });
    afterEach(() => source.destroy());

    const putTasks = async (...records: TaskRecord[]): Promise<void> => {
      for (const record of records) {
        const row = pastTaskRow(record, names);
        writer.put(PastTaskSchema, row.id, { ...row });
      }
      await writer.flush();
    };
    const ids = async (request: Partial<TaskHistoryRequest>, part = WHOLE): Promise<string[]> => {
      const found = await new TypeormHistory(source, part).tasks({ equal: {}, limit: 100, ...request });
      return found.map(({ record }) => record.taskId);
    };

    it('gives tasks newest first, a page behind the other, and those of one launch by their ids', async () => {
      await putTasks(
        ...Array.from({ length: 25 }, (_, i) => task(`t${String(i).padStart(2, '0')}`, Math.floor(i / 10))),
      );
      const first = await ids({ limit: 7 });
      expect(first).toEqual(['t20', 't21', 't22', 't23', 't24', 't10', 't11']);
      expect(await ids({ limit: 5, after: { rank: -1, key: 'F/t11' } })).toEqual(['t12', 't13', 't14', 't15', 't16']);
      expect(await ids({ after: { rank: 0, key: 'F/t08' } })).toEqual(['t09']);
      expect(await ids({ after: { rank: 0, key: 'F/t09' } })).toEqual([]);
    });

    it('gives back what was known at the end', async () => {
      await putTasks(task('t', 5));
      const [found] = await new TypeormHistory(source, WHOLE).tasks({ equal: {}, limit: 1 });
      expect(found).toMatchObject({ ...names, record: task('t', 5) });
    });

    it.each([
      { by: 'name', isBackwards: false },
      { by: 'name', isBackwards: true },
      { by: 'endedAtMs', isBackwards: true },
      { by: undefined, isBackwards: true },
    ] as const)('gives tasks in the order $by, backwards $isBackwards, a page behind the other', async (sort) => {
      const given = ['b', 'B', 'a', 'ab', '😀', '\uffee'];
      const tasks = Array.from({ length: 24 }, (_, i) =>
        task(`t${i}`, i % 4, { info: taskInfo(`t${i}`, { name: given[i % 6] ?? '' }), endedAtMs: 1_000 + (i % 5) }),
      );
      await putTasks(...tasks);
      const history = new TypeormHistory(source, WHOLE);
      const valueOf = ({ info, endedAtMs = 0 }: TaskRecord): string | undefined =>
        sort.by === undefined ? undefined : sort.by === 'name' ? info.name : new Date(endedAtMs).toISOString();
      const placeOf = (record: TaskRecord) => ({
        ...{ rank: -record.launchedAtMs, key: `F/${record.taskId}`, value: valueOf(record) },
      });
      const found: TaskRecord[] = [];
      for (;;) {
        const last = found.at(-1);
        const after = last === undefined ? {} : { after: placeOf(last) };
        const rows = await history.tasks({ equal: {}, limit: 5, sort, ...after });
        if (rows.length === 0) break;
        found.push(...rows.map(({ record }) => record));
      }
      const rising = tasks.toSorted((a, b) => {
        const [one, other] = [placeOf(a), placeOf(b)];
        const bytes = (text: string): Buffer => Buffer.from(text);
        return (
          Buffer.compare(bytes(one.value ?? ''), bytes(other.value ?? '')) ||
          one.rank - other.rank ||
          Buffer.compare(bytes(one.key), bytes(other.key))
        );
      });
      const expected = sort.isBackwards ? rising.toReversed() : rising;
      expect(found.map(({ taskId }) => taskId)).toEqual(expected.map(({ taskId }) => taskId));
    });

    it('counts what the filters let pass, without what the memory has, too', async () => {
      const tasks = Array.from({ length: 30 }, (_, i) =>
        task(`t${i}`, i, { state: i % 3 === 0 ? 'TASK_FAILED' : 'TASK_FINISHED', frameworkId: `F${i % 4}` }),
      );
      await putTasks(...tasks);
      const history = new TypeormHistory(source, WHOLE);
      const count = (equal: object, present: TaskRecord[] = [], more: object = {}) =>
        history.count({ of: 'tasks', equal, limit: 1, ...more }, present.map(taskRowId));
      expect(await count({})).toBe(30);
      expect(await count({ state: ['TASK_FAILED'] })).toBe(10);
      expect(await count({ state: ['TASK_FAILED'] }, tasks.slice(0, 7))).toBe(7);
      expect(await count({}, [], { beginnings: ['t1'] })).toBe(11);
      const parts = [0, 1, 2].map((index) => new TypeormHistory(source, { index, count: 3 }));
      const counts = await Promise.all(parts.map((part) => part.count({ of: 'tasks', equal: {}, limit: 1 }, [])));
      expect(counts.reduce((sum, one) => sum + one, 0)).toBe(30);
      for (let i = 0; i < 12; i++) {
        const row = pastFrameworkRow(framework(`F${i}`, i, i % 3 === 0 ? ['rare'] : ['web']));
        writer.put(PastFrameworkSchema, row.id, { ...row });
      }
      await writer.flush();
      const frameworks = (equal: object, present: string[]) =>
        history.count({ of: 'frameworks', equal, limit: 1 }, present);
      expect(await frameworks({}, ['F1', 'F99'])).toBe(11);
      expect(await frameworks({ role: ['rare'] }, ['F0', 'F1'])).toBe(3);
    });

    it('filters by what lists filter by, exactly', async () => {
      const long = 'n'.repeat(300);
      await putTasks(
        task('a', 4, { frameworkId: 'G', info: taskInfo('a', { name: 'Web' }) }),
        task('b', 3, { agentId: 'S2', info: taskInfo('b', { name: 'web' }) }),
        task('c', 2, { state: 'TASK_FAILED', info: taskInfo('c', { name: 'web.1' }) }),
        task('d', 1, { info: taskInfo('d', { name: long }) }),
        task('web-7', 0),
      );
      expect(await ids({ equal: { frameworkId: ['G'] } })).toEqual(['a']);
      expect(await ids({ equal: { agentId: ['S2'] } })).toEqual(['b']);
      expect(await ids({ equal: { state: ['TASK_FAILED', 'TASK_LOST'] } })).toEqual(['c']);
      expect(await ids({ equal: { name: ['web'] } })).toEqual(['b']);
      expect(await ids({ equal: { name: [long] } })).toEqual(['d']);
      expect((await ids({ beginnings: ['web'] })).toSorted()).toEqual(['b', 'c', 'web-7']);
      expect(await ids({ beginnings: ['web'], equal: { state: ['TASK_FAILED'] } })).toEqual(['c']);
      expect(await ids({ beginnings: ['%', '_'] })).toEqual([]);
    });

    it.each([
      { by: undefined, isBackwards: false },
      { by: undefined, isBackwards: true },
      { by: 'taskId', isBackwards: true },
    ] as const)('gives what has one of several beginnings page by page, each once: %j', async (sort) => {
      // Names and ids begin with one or the other by turns: several questions find them.
      const taskIds = Array.from({ length: 12 }, (_, i) => `${'ab'[i % 2] ?? ''}${String(i).padStart(2, '0')}`);
      await putTasks(...taskIds.map((id, i) => task(id, i, { info: taskInfo(id, { name: 'ba'[i % 2] ?? '' }) })));
      const history = new TypeormHistory(source, WHOLE);
      const found: string[] = [];
      for (let after: TaskHistoryRequest['after']; ; ) {
        const rows = await history.tasks({ equal: {}, beginnings: ['a', 'b'], limit: 5, sort, after });
        expect(rows.length).toBeLessThanOrEqual(5);
        found.push(...rows.map(({ record }) => record.taskId));
        const last = rows.at(-1)?.record;
        if (last === undefined) break;
        const value = sort.by === undefined ? {} : { value: last.taskId };
        after = { rank: -last.launchedAtMs, key: `F/${last.taskId}`, ...value };
      }
      const newestFirst = taskIds.toReversed();
      const rising = sort.by === undefined ? newestFirst : taskIds.toSorted();
      expect(found).toEqual(sort.isBackwards ? rising.toReversed() : rising);
    });

    it('tells each partition its own frameworks, and all of them together everything once', async () => {
      const all = Array.from({ length: 40 }, (_, i) => task(`t${i}`, i, { frameworkId: `F-${i}` }));
      await putTasks(...all);
      const parts = await Promise.all([0, 1, 2].map((index) => ids({}, { index, count: 3 })));
      expect(parts.every((part) => part.length > 5)).toBe(true);
      expect(parts.flat().toSorted()).toEqual(all.map(({ taskId }) => taskId).toSorted());
    });

    it('finds launches of one id, newest first', async () => {
      await putTasks(task('t', 1), task('t', 3), task('t', 2, { frameworkId: 'G' }), task('T', 9));
      const history = new TypeormHistory(source, WHOLE);
      const launches = async (frameworkId?: string): Promise<number[]> =>
        (await history.tasksWithId('t', frameworkId)).map(({ record }) => record.launchedAtMs);
      expect([await launches(), await launches('F')]).toEqual([
        [3, 2, 1],
        [3, 1],
      ]);
    });

    it('gives removed frameworks newest first, and reads on until it has enough of a role', async () => {
      for (let i = 0; i < 30; i++) {
        const row = pastFrameworkRow(framework(`F${i}`, i, i % 10 === 0 ? ['rare'] : ['web']));
        writer.put(PastFrameworkSchema, row.id, { ...row });
      }
      await writer.flush();
      const history = new TypeormHistory(source, WHOLE);
      const found = async (equal: object, limit: number, after?: { rank: number; key: string }): Promise<string[]> =>
        (await history.frameworks({ equal, limit, after })).map(({ frameworkId }) => frameworkId);
      expect(await found({}, 2)).toEqual(['F29', 'F28']);
      expect(await found({ role: ['rare'] }, 2)).toEqual(['F20', 'F10']);
      expect(await found({ role: ['rare'] }, 5, { rank: -20, key: 'F20' })).toEqual(['F10', 'F0']);
      expect(await found({ name: ['name of F3'] }, 5)).toEqual(['F3']);
      expect((await history.framework('F7'))?.removedReason).toBe('torn down');
      expect(await history.framework('nope')).toBeUndefined();
    });

    it('gives operations that have left the books in the order in which they were accepted', async () => {
      for (const record of [
        operation(2),
        operation(1, { frameworkId: undefined as never, role: undefined as never }),
      ]) {
        const row = pastOperationRow(record, names);
        writer.put(PastOperationSchema, row.id, { ...row });
      }
      await writer.flush();
      const history = new TypeormHistory(source, WHOLE);
      const all = await history.operations({ equal: {}, limit: 9 });
      expect(all.map(({ record }) => record.acceptedAtMs)).toEqual([1, 2]);
      expect(await history.operations({ equal: { role: ['web'], type: ['RESERVE'] }, limit: 9 })).toHaveLength(1);
      expect((await history.operation('30303030-3030-3030-3030-303030303032'))?.record.acceptedAtMs).toBe(2);
      expect(await history.operation('no uuid')).toBeUndefined();
    });

    it('deletes what ended before, and nothing else', async () => {
      await putTasks(...Array.from({ length: 2_500 }, (_, i) => task(`t${i}`, i)));
      const history = new TypeormHistory(source, WHOLE);
      expect(await history.expire(2_010)).toBe(2_000);
      expect(await ids({ limit: 1_000 })).toHaveLength(500);
      expect(await history.expire(2_010)).toBe(0);
    });

    it('gives what has ended back to the version before, when its migration is taken back', async () => {
      await putTasks(task('t', 5));
      const row = pastFrameworkRow(framework('F', 1));
      writer.put(PastFrameworkSchema, row.id, { ...row });
      await writer.flush();
      expect(await revertMigrations(source, offersDatabase, 3)).toEqual([
        'CreateRequests1764000000006',
        'SortHistoryByEnd1764000000005',
        'CreateHistory1764000000004',
      ]);
      expect(await source.getRepository(TaskSchema).find()).toMatchObject([
        { stage: 'completed', launchedAtMs: 5, record: task('t', 5), bookkeeping: { held: [], heldForExecutor: [] } },
      ]);
      expect(await source.getRepository(FrameworkSchema).find()).toMatchObject([
        { id: 'F', record: { state: 'removed' } },
      ]);
    });
  });
