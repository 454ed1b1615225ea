import fc from 'fast-check';
import { expect, it } from 'vitest';
import { taskInfo } from '../testing/offers.fakes.js';
import { setStatus } from './complete-task.js';
import { keepingOrder, StatusOrder } from './status-order.js';
import type { Task } from './task.js';

const FRAMEWORKS = ['F1', 'F2'] as const;
const number = fc.nat({ max: 20 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), number }),
  fc.record({ kind: fc.constant('delete' as const), number }),
  fc.record({
    kind: fc.constant('status' as const),
    number,
    state: fc.constantFrom('TASK_STARTING' as const, 'TASK_RUNNING' as const),
    seconds: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 9 }) }, fc.constant('NaN' as const)),
  }),
);

const taskOf = (id: number): Task => ({
  record: {
    frameworkId: FRAMEWORKS[id % 2] ?? '',
    ...{ taskId: `t${id}`, agentId: 'S1', role: 'r', info: taskInfo(`t${id}`), resources: [], user: 'root' },
    ...{ state: 'TASK_STAGING', statuses: [], launchedAtMs: id >> 2, traceId: '' },
  },
  ...{ stage: 'live', held: [], heldForExecutor: [] },
});

const firstAt = ({ record }: Task): number => {
  const seconds = Number(record.statuses[0]?.timestamp ?? 0);
  return Number.isFinite(seconds) ? seconds : 0;
};
const keyOf = ({ record }: Task): string => `${record.frameworkId}/${record.taskId}`;
/** The newest first status first, then the newest launch. */
const inOrder = (tasks: Iterable<Task>): Task[] =>
  [...tasks].toSorted(
    (a, b) =>
      firstAt(b) - firstAt(a) || b.record.launchedAtMs - a.record.launchedAtMs || (keyOf(a) < keyOf(b) ? -1 : 1),
  );
const ids = (tasks: Iterable<Task>): string[] => Array.from(tasks, ({ record }) => record.taskId);

it('StatusOrder has the tasks by their first status whatever they are told meanwhile, both ways, and those of one framework', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
      const order = new StatusOrder();
      const changes = keepingOrder(order);
      const all = Array.from({ length: 21 }, (_none, id) => taskOf(id));
      const present = new Set<Task>();
      for (const one of steps) {
        const task = all[one.number] as Task;
        if (one.kind === 'add') {
          order.add(task);
          present.add(task);
        } else if (one.kind === 'delete') {
          order.delete(task);
          present.delete(task);
        } else {
          const task_id = { value: task.record.taskId };
          setStatus(task, { task_id, state: one.state, timestamp: one.seconds });
          changes.taskUpdated(task);
        }
      }
      const expected = inOrder(present);
      expect(ids(order.walk(false, undefined))).toEqual(ids(expected));
      expect(ids(order.walk(true, undefined))).toEqual(ids(expected.toReversed()));
      for (const id of FRAMEWORKS)
        expect(ids(order.walk(false, id))).toEqual(ids(expected.filter(({ record }) => record.frameworkId === id)));
    }),
  );
});
