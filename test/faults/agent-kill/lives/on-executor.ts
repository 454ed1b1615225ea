import { join } from 'node:path';
import type { ExecutorInfo, Offer, OfferOperation, Resource, TaskInfo } from '@tranche/mesos-api';
import { isTerminal, launchOperation } from '@tranche/scheduler';
import type { KillStage } from '../kill-stage.js';
import { combinations, type Life, livingThrough, type Outcomes } from '../life.js';

const PROGRAM = join(import.meta.dirname, '../../../executors/json-executor.mjs');

export const scalars = (amounts: Readonly<Record<string, number>>): Resource[] =>
  Object.entries(amounts).map(([name, value]) => ({
    ...{ name, type: 'SCALAR', scalar: { value } },
    // As it is offered to a role.
    allocation_info: { role: 'faults' },
  }));

const executorOf = (id: string): ExecutorInfo => ({
  executor_id: { value: id },
  command: { shell: false, value: process.execPath, arguments: ['node', PROGRAM] },
  resources: scalars({ cpus: 0.1, mem: 128 }),
});

/** Tasks for an executor of `test/executors`, which acts on their names. The label tells the steps of one from those of another. */
const tasksOf = (executor: string, offer: Offer, ids: ReadonlyMap<string, string>): OfferOperation[] => [
  launchOperation(
    [...ids].map(
      ([name, id]): TaskInfo => ({
        ...{ name, task_id: { value: id }, agent_id: offer.agent_id, executor: executorOf(executor) },
        resources: scalars({ cpus: 0.1, mem: 32 }),
        ...(ids.size === 1 ? {} : { labels: { labels: [{ key: 'part', value: name }] } }),
      }),
    ),
  ),
];

/** Launches tasks of these names on one new executor, ends it when all have ended. @returns what became of each, and of the executor */
async function live(stage: KillStage, names: readonly string[]): Promise<string> {
  const executorId = stage.id('executor');
  const ids = new Map(names.map((name) => [name, stage.id(name)]));
  stage.launched.push(...ids.values());
  let agentId = '';
  await stage.tasks.accept((offer) => {
    agentId = offer.agent_id.value;
    return tasksOf(executorId, offer, ids);
  });
  const ends = await Promise.all(
    [...ids].map(async ([name, id]) => {
      if (name === 'stay') {
        // The kill of a task that has ended is answered with that once more.
        const { state } = await stage.tasks.begun(id);
        if (!isTerminal(state)) await stage.tasks.kill(id);
      }
      return `${name}: ${(await stage.tasks.ended(id)).state}`;
    }),
  );
  await stage.tasks.scheduler.shutdownExecutor(agentId, executorId);
  const status = await stage.tasks.executorEnded(executorId);
  const launches = stage.eventsOf(executorId).filter((event) => event === 'LAUNCH').length;
  return `${ends.join(', ')}; executor ended with ${status} after ${launches} launches`;
}

const FINISHED: Outcomes = ['finish: TASK_FINISHED; executor ended with 0 after 1 launches'];
/** The executor was being brought up: it is dropped with what waited for it. */
const DROPPED: Outcomes = ['finish: TASK_LOST; executor ended with -1 after 0 launches'];
/** It was on its way to the executor, which has not got it. */
const UNDELIVERED: Outcomes = ['finish: TASK_LOST; executor ended with 0 after 0 launches'];

export const executorTask: Life = {
  title: 'a task of an executor',
  unharmed: FINISHED,
  steps: [
    ['before checkpoint of executor', FINISHED],
    ['before checkpoint of task', FINISHED],
    ['before create of the executor', DROPPED],
    ['after checkpoint of executor', DROPPED],
    ['after checkpoint of task', DROPPED],
    ['after create of the executor', DROPPED],
    ["before checkpoint of the executor's container", DROPPED],
    ["after checkpoint of the executor's container", DROPPED],
    ['before start of the executor', DROPPED],
    ['after start of the executor', FINISHED],
    ['before checkpoint of subscription', FINISHED],
    ['before update of the executor', FINISHED],
    ['after update of the executor', FINISHED],
    ['before checkpoint of delivery', FINISHED],
    ['after checkpoint of subscription', UNDELIVERED],
    ['after checkpoint of delivery', UNDELIVERED],
    ['before checkpoint of TASK_RUNNING', FINISHED],
    ['after checkpoint of TASK_RUNNING', FINISHED],
    ['before report of TASK_RUNNING', FINISHED],
    ['before checkpoint of TASK_FINISHED', FINISHED],
    ['after checkpoint of TASK_FINISHED', FINISHED],
    ['after report of TASK_RUNNING', FINISHED],
    ['before checkpoint of the acknowledgement of TASK_RUNNING', FINISHED],
    ['before report of TASK_FINISHED', FINISHED],
    ['after report of TASK_FINISHED', FINISHED],
    ['after checkpoint of the acknowledgement of TASK_RUNNING', FINISHED],
    ['before checkpoint of shutdown', FINISHED],
    ['after checkpoint of shutdown', FINISHED],
    ['before checkpoint of the acknowledgement of TASK_FINISHED', FINISHED],
    ['after checkpoint of the acknowledgement of TASK_FINISHED', FINISHED],
    ['after the end of the executor', FINISHED],
    ['before remove of the executor', FINISHED],
    ['after remove of the executor', FINISHED],
    ['before report of the end of the executor', FINISHED],
    ['after report of the end of the executor', FINISHED],
    ['before checkpoint of the end of the executor', FINISHED],
    ['after checkpoint of the end of the executor', FINISHED],
  ],
  live: (stage, fault) => livingThrough(fault, () => live(stage, ['finish'])),
};

const ALL_DONE: Outcomes = [
  'stay: TASK_KILLED, finish: TASK_FINISHED, fail: TASK_FAILED; executor ended with 0 after 3 launches',
];

/** Each has ended as it should, or was lost on its way to the executor: then it was launched at most once. */
const PARTLY: Outcomes = combinations([
  ['stay: TASK_KILLED, ', 'stay: TASK_LOST, '],
  ['finish: TASK_FINISHED, ', 'finish: TASK_LOST, '],
  ['fail: TASK_FAILED; ', 'fail: TASK_LOST; '],
  ['executor ended with 0 ', 'executor ended with -1 '],
  [0, 1, 2, 3].map((launches) => `after ${launches} launches`),
]);

export const executorTasks: Life = {
  title: 'three tasks of one executor',
  unharmed: ALL_DONE,
  steps: [
    ['before checkpoint of executor', ALL_DONE],
    ['before checkpoint of task of stay', PARTLY],
    ['before checkpoint of task of finish', PARTLY],
    ['before checkpoint of task of fail', PARTLY],
    ['before create of the executor', PARTLY],
    ['after checkpoint of executor', PARTLY],
    ['after checkpoint of task of stay', PARTLY],
    ['after checkpoint of task of finish', PARTLY],
    ['after checkpoint of task of fail', PARTLY],
    ['after create of the executor', PARTLY],
    ["before checkpoint of the executor's container", PARTLY],
    ["after checkpoint of the executor's container", PARTLY],
    ['before start of the executor', PARTLY],
    ['after start of the executor', PARTLY],
    ['before checkpoint of subscription', PARTLY],
    ['before update of the executor', PARTLY],
    ['after update of the executor', PARTLY],
    ['before checkpoint of delivery of stay', PARTLY],
    ['before checkpoint of delivery of finish', PARTLY],
    ['before checkpoint of delivery of fail', PARTLY],
    ['after checkpoint of subscription', PARTLY],
    ['after checkpoint of delivery of stay', PARTLY],
    ['after checkpoint of delivery of finish', PARTLY],
    ['after checkpoint of delivery of fail', PARTLY],
    ['before checkpoint of TASK_RUNNING of stay', ALL_DONE],
    ['after checkpoint of TASK_RUNNING of stay', ALL_DONE],
    ['before report of TASK_RUNNING of stay', ALL_DONE],
    ['before checkpoint of TASK_RUNNING of finish', ALL_DONE],
    ['after report of TASK_RUNNING of stay', ALL_DONE],
    ['after checkpoint of TASK_RUNNING of finish', ALL_DONE],
    ['before report of TASK_RUNNING of finish', ALL_DONE],
    ['before checkpoint of TASK_FINISHED of finish', ALL_DONE],
    ['before checkpoint of the acknowledgement of TASK_RUNNING of stay', ALL_DONE],
    ['after checkpoint of TASK_FINISHED of finish', ALL_DONE],
    ['before checkpoint of TASK_RUNNING of fail', ALL_DONE],
    ['after checkpoint of the acknowledgement of TASK_RUNNING of stay', ALL_DONE],
    ['after report of TASK_RUNNING of finish', ALL_DONE],
    ['after checkpoint of TASK_RUNNING of fail', ALL_DONE],
    ['before report of TASK_RUNNING of fail', ALL_DONE],
    ['before checkpoint of TASK_FAILED of fail', ALL_DONE],
    ['after report of TASK_RUNNING of fail', ALL_DONE],
    ['after checkpoint of TASK_FAILED of fail', ALL_DONE],
    ['before checkpoint of kill of stay', ALL_DONE],
    ['after checkpoint of kill of stay', ALL_DONE],
    ['before checkpoint of the acknowledgement of TASK_RUNNING of finish', ALL_DONE],
    ['before report of TASK_FINISHED of finish', ALL_DONE],
    ['before checkpoint of the acknowledgement of TASK_RUNNING of fail', ALL_DONE],
    ['before report of TASK_FAILED of fail', ALL_DONE],
    ['before checkpoint of TASK_KILLED of stay', ALL_DONE],
    ['after checkpoint of the acknowledgement of TASK_RUNNING of finish', ALL_DONE],
    ['after report of TASK_FINISHED of finish', ALL_DONE],
    ['after report of TASK_FAILED of fail', ALL_DONE],
    ['after checkpoint of the acknowledgement of TASK_RUNNING of fail', ALL_DONE],
    ['after checkpoint of TASK_KILLED of stay', ALL_DONE],
    ['before report of TASK_KILLED of stay', ALL_DONE],
    ['after report of TASK_KILLED of stay', ALL_DONE],
    ['before checkpoint of the acknowledgement of TASK_FINISHED of finish', ALL_DONE],
    ['before checkpoint of the acknowledgement of TASK_FAILED of fail', ALL_DONE],
    ['before checkpoint of the acknowledgement of TASK_KILLED of stay', ALL_DONE],
    ['before checkpoint of shutdown', ALL_DONE],
    ['after checkpoint of the acknowledgement of TASK_FINISHED of finish', ALL_DONE],
    ['after checkpoint of the acknowledgement of TASK_FAILED of fail', ALL_DONE],
    ['after checkpoint of the acknowledgement of TASK_KILLED of stay', ALL_DONE],
    ['after checkpoint of shutdown', ALL_DONE],
    ['after the end of the executor', ALL_DONE],
    ['before remove of the executor', ALL_DONE],
    ['after remove of the executor', ALL_DONE],
    ['before report of the end of the executor', ALL_DONE],
    ['after report of the end of the executor', ALL_DONE],
    ['before checkpoint of the end of the executor', ALL_DONE],
    ['after checkpoint of the end of the executor', ALL_DONE],
  ],
  live: (stage, fault) => livingThrough(fault, () => live(stage, ['stay', 'finish', 'fail'])),
};
