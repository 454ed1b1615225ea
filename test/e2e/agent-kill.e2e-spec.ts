import { brokerMissing } from '@tranche/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KillStage } from '../faults/agent-kill/kill-stage.js';
import { type Life, stepOf } from '../faults/agent-kill/life.js';
import { LIVES } from '../faults/agent-kill/lives/lives.js';
import { howMany, repeats, shareOf } from '../faults/agent-kill/share.js';

/** Two starts of an agent on a machine that has other things to do. */
const TIMEOUT_MS = 180_000;
const chosen = ({ steps }: Life): Life['steps'] => shareOf(steps, 24, 5);
const count = (of: (life: Life) => { length: number }): number => LIVES.reduce((sum, life) => sum + of(life).length, 0);
const titled = LIVES.map((life) => [life.title, life] as const);
const steps = howMany(
  count(chosen),
  count((life) => life.steps),
  'steps',
);

/** The whole cluster over RabbitMQ; the agent is a process of its own with real containers, killed with SIGKILL. */
describe.skipIf(brokerMissing())(`an agent that is killed at ${steps}`, () => {
  let stage: KillStage;
  beforeAll(async () => {
    stage = await KillStage.start();
  });
  afterAll(() => stage?.stop());

  // Before anything dies: what an agent before has left to be done would be taken for steps of the next life.
  it.each(titled)(
    'takes the steps of %s that are listed, and no others',
    { timeout: TIMEOUT_MS },
    async (_title, life) => {
      await stage.settled();
      expect(life.unharmed).toContain(await life.live(stage, stage.noFault(life)));
      const listed = life.steps.map(([step]) => stepOf(step));
      const always = life.steps.flatMap(([step]) => (step.startsWith('?') ? [] : [step]));
      await expect.poll(() => always.filter((step) => !stage.agent.steps.includes(step))).toEqual([]);
      await stage.settled();
      expect(stage.agent.steps.filter((step) => !listed.includes(step))).toEqual([]);
    },
  );

  describe.each(titled)('of %s', (_title, life) => {
    it.each(chosen(life))('%s', { timeout: TIMEOUT_MS, repeats }, async (step, outcomes) => {
      await stage.settled();
      const line = await life.live(stage, stage.deathAt(stepOf(step), life));
      expect(outcomes, line).toContain(line);
    });
  });

  it('tells one end of every task and operation, and no other afterwards', () => {
    expect([...stage.launched, ...stage.operations]).not.toEqual([]);
    expect(stage.withoutOneEnd()).toEqual([]);
  });

  it('leaves nothing of any container behind', async () => {
    await expect.poll(() => stage.containers()).toEqual([]);
  });
});
