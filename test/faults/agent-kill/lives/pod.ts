import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorInfo, Offer, TaskInfo } from '@tranche/mesos-api';
import { launchGroupOperation } from '@tranche/scheduler';
import type { KillStage } from '../kill-stage.js';
import { combinations, type Life, livingThrough, type Outcomes } from '../life.js';
import { scalars } from './on-executor.js';

/**
 * One finishes, then one fails, and one is killed because its group has ended. Each waits to be let go, so that a busy machine changes
 * nothing of what comes first: nothing ends before all three run.
 */
const COMMANDS = {
  finish: (gates: string) => `${untilOpen(gates, 'finish')}; exit 0`,
  fail: (gates: string) => `${untilOpen(gates, 'fail')}; exit 7`,
  stay: () => 'exec sleep 600',
};

const untilOpen = (gates: string, name: string): string => `while [ ! -e ${join(gates, name)} ]; do sleep 0.02; done`;

const podOf = (stage: KillStage, id: string): ExecutorInfo => ({
  type: 'DEFAULT',
  executor_id: { value: id },
  framework_id: { value: stage.tasks.scheduler.frameworkId ?? '' },
  resources: scalars({ cpus: 0.1, mem: 32, disk: 16 }),
});

async function live(stage: KillStage): Promise<string> {
  const executorId = stage.id('pod');
  const gates = stage.runs(stage.id('gates'));
  mkdirSync(gates);
  const ids = Object.keys(COMMANDS).map((name) => stage.id(name));
  stage.launched.push(...ids);
  const tasks = (offer: Offer): TaskInfo[] =>
    Object.entries(COMMANDS).map(([name, command], index) => {
      const id = ids[index] ?? '';
      return {
        ...{ name, task_id: { value: id }, agent_id: offer.agent_id, resources: scalars({ cpus: 0.1, mem: 32 }) },
        command: { value: `printf x >> ${stage.runs(id)}; ${command(gates)}` },
        labels: { labels: [{ key: 'part', value: name }] },
      };
    });
  await stage.tasks.accept((offer) => [launchGroupOperation(podOf(stage, executorId), tasks(offer))]);
  await letGo(stage, gates, ids);
  const ends = await Promise.all(ids.map((id) => stage.tasks.ended(id)));
  const told = ends.map(({ state, message }, index) => {
    const id = ids[index] ?? '';
    if (stage.timesRun(id) > 1) throw new Error(`${id} was run twice`);
    return `${Object.keys(COMMANDS)[index]}: ${state}: ${message}`;
  });
  return `${told.join(', ')}; executor ended with ${await stage.tasks.executorEnded(executorId)}`;
}

/** Once all run, the first ends, then the second. A group of which one does not run ends by itself. */
async function letGo(stage: KillStage, gates: string, ids: readonly string[]): Promise<void> {
  const [finish = ''] = ids;
  const begun = await Promise.all(ids.map((id) => stage.tasks.begun(id)));
  if (begun.some(({ state }) => state !== 'TASK_RUNNING')) return;
  mkdirSync(join(gates, 'finish'));
  await stage.tasks.ended(finish);
  mkdirSync(join(gates, 'fail'));
}

const EXIT_0 = 'finish: TASK_FINISHED: Command exited with status 0, ';
const EXIT_7 = 'fail: TASK_FAILED: Command exited with status 7, ';
const KILLED = 'TASK_KILLED: Command terminated with signal Terminated';
const LOST = 'TASK_LOST: Task launched during agent restart';

const DONE: Outcomes = [`${EXIT_0}${EXIT_7}stay: ${KILLED}; executor ended with 0`];

/**
 * Those that were being brought up are dropped, and with them ends what runs of the group; when none was, all of it has gone as it should.
 *
 * @param runs those that were written down to run: they are not dropped
 */
const partly = (...runs: readonly (keyof typeof COMMANDS)[]): Outcomes => {
  const of = (name: keyof typeof COMMANDS, mark: string): string[] =>
    (runs.includes(name) ? [KILLED] : [KILLED, LOST]).map((end) => `${name}: ${end}${mark}`);
  const ends = combinations([of('finish', ', '), of('fail', ', '), of('stay', '; ')]);
  const executor = ['executor ended with 0', 'executor ended with -1'];
  return [...DONE, ...combinations([ends.filter((line) => line.includes(LOST)), executor])];
};
const PARTLY = partly();

export const pod: Life = {
  title: 'a task group',
  unharmed: DONE,
  steps: [
    ['before checkpoint of executor', DONE],
    ['before checkpoint of task of finish', DONE],
    ['before checkpoint of task of fail', DONE],
    ['before checkpoint of task of stay', DONE],
    ['after checkpoint of executor', PARTLY],
    ['after checkpoint of task of finish', PARTLY],
    ['after checkpoint of task of fail', PARTLY],
    ['after checkpoint of task of stay', PARTLY],
    ['before create of the executor', PARTLY],
    ['after create of the executor', PARTLY],
    ["before checkpoint of the executor's container", PARTLY],
    ["after checkpoint of the executor's container", PARTLY],
    ['before start of the executor', PARTLY],
    ['after start of the executor', PARTLY],
    ['before update of the executor', PARTLY],
    ['after update of the executor', PARTLY],
    ['before create of finish', PARTLY],
    ['before create of fail', PARTLY],
    ['before create of stay', PARTLY],
    ['after create of stay', PARTLY],
    ['before checkpoint of container of stay', PARTLY],
    ['before checkpoint of TASK_STARTING of stay', PARTLY],
    ['after checkpoint of container of stay', PARTLY],
    ['after checkpoint of TASK_STARTING of stay', PARTLY],
    ['before report of TASK_STARTING of stay', PARTLY],
    ['after report of TASK_STARTING of stay', PARTLY],
    ['before checkpoint of the acknowledgement of TASK_STARTING of stay', PARTLY],
    ['after checkpoint of the acknowledgement of TASK_STARTING of stay', PARTLY],
    ['after create of fail', PARTLY],
    ['before checkpoint of container of fail', PARTLY],
    ['before checkpoint of TASK_STARTING of fail', PARTLY],
    ['after create of finish', PARTLY],
    ['before checkpoint of container of finish', PARTLY],
    ['before checkpoint of TASK_STARTING of finish', PARTLY],
    ['after checkpoint of container of fail', PARTLY],
    ['after checkpoint of TASK_STARTING of fail', PARTLY],
    ['before report of TASK_STARTING of fail', PARTLY],
    ['after checkpoint of container of finish', PARTLY],
    ['after checkpoint of TASK_STARTING of finish', PARTLY],
    ['before report of TASK_STARTING of finish', PARTLY],
    ['before start of finish', PARTLY],
    ['before start of fail', PARTLY],
    ['before start of stay', PARTLY],
    ['after start of finish', PARTLY],
    ['after start of fail', PARTLY],
    ['after start of stay', PARTLY],
    ['before checkpoint of TASK_RUNNING of finish', PARTLY],
    ['before checkpoint of TASK_RUNNING of fail', PARTLY],
    ['before checkpoint of TASK_RUNNING of stay', PARTLY],
    ['after report of TASK_STARTING of fail', PARTLY],
    ['before checkpoint of the acknowledgement of TASK_STARTING of fail', PARTLY],
    ['after checkpoint of TASK_RUNNING of finish', partly('finish')],
    ['after checkpoint of TASK_RUNNING of fail', partly('fail')],
    ['after checkpoint of TASK_RUNNING of stay', partly('stay')],
    ['before report of TASK_RUNNING of fail', partly('fail')],
    ['before report of TASK_RUNNING of stay', partly('stay')],
    ['after report of TASK_STARTING of finish', PARTLY],
    ['after checkpoint of the acknowledgement of TASK_STARTING of fail', PARTLY],
    ['after report of TASK_RUNNING of fail', partly('fail')],
    ['after report of TASK_RUNNING of stay', partly('stay')],
    ['before checkpoint of the acknowledgement of TASK_STARTING of finish', PARTLY],
    ['before report of TASK_RUNNING of finish', partly('finish')],
    ['before checkpoint of the acknowledgement of TASK_RUNNING of fail', partly('fail')],
    ['after report of TASK_RUNNING of finish', partly('finish')],
    ['after checkpoint of the acknowledgement of TASK_STARTING of finish', PARTLY],
    ['before checkpoint of the acknowledgement of TASK_RUNNING of stay', partly('stay')],
    ['after checkpoint of the acknowledgement of TASK_RUNNING of fail', partly('fail')],
    ['after checkpoint of the acknowledgement of TASK_RUNNING of stay', partly('stay')],
    ['before checkpoint of the acknowledgement of TASK_RUNNING of finish', partly('finish')],
    ['after checkpoint of the acknowledgement of TASK_RUNNING of finish', partly('finish')],
    ['after the end of finish', DONE],
    ['before checkpoint of TASK_FINISHED of finish', DONE],
    ['after checkpoint of TASK_FINISHED of finish', DONE],
    ['before report of TASK_FINISHED of finish', DONE],
    ['before remove of finish', DONE],
    ['after remove of finish', DONE],
    ['after report of TASK_FINISHED of finish', DONE],
    ['before checkpoint of the acknowledgement of TASK_FINISHED of finish', DONE],
    ['after checkpoint of the acknowledgement of TASK_FINISHED of finish', DONE],
    ['after the end of fail', DONE],
    ['before checkpoint of TASK_FAILED of fail', DONE],
    ['before checkpoint of kill of stay', DONE],
    ['after checkpoint of TASK_FAILED of fail', DONE],
    ['after checkpoint of kill of stay', DONE],
    ['before kill of stay', DONE],
    ['before report of TASK_FAILED of fail', DONE],
    ['after kill of stay', DONE],
    ['before remove of fail', DONE],
    ['after remove of fail', DONE],
    ['after the end of stay', DONE],
    ['before checkpoint of TASK_KILLED of stay', DONE],
    ['before checkpoint of shutdown', DONE],
    ['before remove of the executor', DONE],
    ['after the end of the executor', DONE],
    ['after remove of the executor', DONE],
    ['before report of the end of the executor', DONE],
    ['after report of TASK_FAILED of fail', DONE],
    ['after checkpoint of TASK_KILLED of stay', DONE],
    ['after checkpoint of shutdown', DONE],
    ['before report of TASK_KILLED of stay', DONE],
    ['before remove of stay', DONE],
    ['after remove of stay', DONE],
    ['after report of the end of the executor', DONE],
    ['before checkpoint of the end of the executor', DONE],
    ['after report of TASK_KILLED of stay', DONE],
    ['after checkpoint of the end of the executor', DONE],
    ['before checkpoint of the acknowledgement of TASK_FAILED of fail', DONE],
    ['after checkpoint of the acknowledgement of TASK_FAILED of fail', DONE],
    ['before checkpoint of the acknowledgement of TASK_KILLED of stay', DONE],
    ['after checkpoint of the acknowledgement of TASK_KILLED of stay', DONE],
  ],
  live: (stage, fault) => livingThrough(fault, () => live(stage)),
};
