import { mkdirSync } from 'node:fs';
import { type Life, livingThrough, type Outcomes } from '../life.js';
import type { KillStage } from '../kill-stage.js';

/** It ran once and its exit status is told. */
const EXIT_7: Outcomes = ['TASK_FAILED: Command exited with status 7; run 1 times'];
/** It was being brought up; whether it has begun cannot be told, so it is dropped and has run at most once. */
const LOST: Outcomes = [0, 1].map((times) => `TASK_LOST: Task launched during agent restart; run ${times} times`);
/** The agent goes on while the broker confirms, so either may come first. */
const LOST_OR_EXIT_7: Outcomes = [...LOST, ...EXIT_7];
/** It may be killed before its first command. */
const KILLED: Outcomes = [0, 1].map(
  (times) => `TASK_KILLED: Command terminated with signal Terminated; run ${times} times`,
);

async function launch(stage: KillStage, rest: string): Promise<string> {
  const id = stage.id('command');
  stage.launched.push(id);
  await stage.tasks.launch(id, `printf x >> ${stage.runs(id)}; ${rest}`);
  return id;
}

async function end(stage: KillStage, id: string): Promise<string> {
  const { state, message } = await stage.tasks.ended(id);
  return `${state}: ${message}; run ${stage.timesRun(id)} times`;
}

export const commandTask: Life = {
  title: 'a command task',
  unharmed: EXIT_7,
  steps: [
    ['before checkpoint of task', EXIT_7],
    ['after checkpoint of task', LOST],
    ['before create', LOST],
    ['after create', LOST],
    ['before checkpoint of container', LOST],
    ['before checkpoint of TASK_STARTING', LOST],
    ['after checkpoint of container', LOST],
    ['after checkpoint of TASK_STARTING', LOST],
    ['before report of TASK_STARTING', LOST],
    ['after report of TASK_STARTING', LOST_OR_EXIT_7],
    ['before start', LOST],
    // It has ended when the next agent looks.
    ['after start', EXIT_7],
    ['before checkpoint of TASK_RUNNING', EXIT_7],
    ['after checkpoint of TASK_RUNNING', EXIT_7],
    ['before checkpoint of the acknowledgement of TASK_STARTING', EXIT_7],
    ['after checkpoint of the acknowledgement of TASK_STARTING', EXIT_7],
    ['before report of TASK_RUNNING', EXIT_7],
    ['after report of TASK_RUNNING', EXIT_7],
    ['before checkpoint of the acknowledgement of TASK_RUNNING', EXIT_7],
    ['after checkpoint of the acknowledgement of TASK_RUNNING', EXIT_7],
    ['after the end of the container', EXIT_7],
    ['before checkpoint of TASK_FAILED', EXIT_7],
    ['after checkpoint of TASK_FAILED', EXIT_7],
    ['before remove', EXIT_7],
    ['after remove', EXIT_7],
    ['before report of TASK_FAILED', EXIT_7],
    ['after report of TASK_FAILED', EXIT_7],
    ['before checkpoint of the acknowledgement of TASK_FAILED', EXIT_7],
    ['after checkpoint of the acknowledgement of TASK_FAILED', EXIT_7],
  ],
  live: (stage, fault) => livingThrough(fault, async () => end(stage, await launch(stage, 'sleep 0.3; exit 7'))),
};

export const killedTask: Life = {
  title: 'the kill of a command task',
  unharmed: KILLED,
  steps: [
    ['before checkpoint of kill', KILLED],
    ['after checkpoint of kill', KILLED],
    ['before kill', KILLED],
    ['after kill', KILLED],
    ['after the end of the container', KILLED],
    ['before checkpoint of TASK_KILLED', KILLED],
    ['after checkpoint of TASK_KILLED', KILLED],
    ['before remove', KILLED],
    ['after remove', KILLED],
    ['before report of TASK_KILLED', KILLED],
    ['after report of TASK_KILLED', KILLED],
    ['before checkpoint of the acknowledgement of TASK_KILLED', KILLED],
    ['after checkpoint of the acknowledgement of TASK_KILLED', KILLED],
  ],
  async live(stage, fault) {
    stage.agent.forgetSteps();
    const id = await launch(stage, 'exec sleep 600');
    await stage.agent.took('after checkpoint of the acknowledgement of TASK_RUNNING');
    return livingThrough(fault, async () => {
      await stage.tasks.kill(id);
      return end(stage, id);
    });
  },
};

export const recoveredTask: Life = {
  title: 'a start that finds the end of a command task',
  isStart: true,
  unharmed: EXIT_7,
  steps: [
    ['before recover', EXIT_7],
    ['after recover', EXIT_7],
    ['before checkpoint of TASK_FAILED', EXIT_7],
    ['after checkpoint of TASK_FAILED', EXIT_7],
    ['before remove', EXIT_7],
    ['after remove', EXIT_7],
    ['before report of TASK_FAILED', EXIT_7],
    ['after report of TASK_FAILED', EXIT_7],
    ['before checkpoint of the acknowledgement of TASK_FAILED', EXIT_7],
    ['after checkpoint of the acknowledgement of TASK_FAILED', EXIT_7],
  ],
  async live(stage, fault) {
    const gate = stage.runs(stage.id('gate'));
    stage.agent.forgetSteps();
    const id = await launch(stage, `while [ ! -e ${gate} ]; do sleep 0.02; done; exit 7`);
    await stage.agent.took('after checkpoint of the acknowledgement of TASK_RUNNING');
    await stage.agent.kill();
    mkdirSync(gate);
    return livingThrough(fault, () => end(stage, id));
  },
};
