import { brokerMissing } from '@tranche/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KillStage } from '../faults/agent-kill/kill-stage.js';
import type { Life } from '../faults/agent-kill/life.js';
import { LIVES } from '../faults/agent-kill/lives/lives.js';
import { howMany, shareOf } from '../faults/agent-kill/share.js';

const TIMEOUT_MS = 180_000;
/** Room for the journal's reserve, its snapshot and some sandboxes. */
const DISK_MB = 12;
/** Steps after which something is written. */
const IS_WRITE = /^before (checkpoint|create|the folder|putting)/;
/** What is told of what cannot be taken on; the executor of the tests ends with 1 when it cannot write what happens to it. */
const NO_ROOM = /no space left|ENOSPC|executor ended with 256/;

const rows = LIVES.flatMap((life) =>
  life.isStart === true
    ? []
    : life.steps.flatMap(([step, outcomes]) =>
        IS_WRITE.test(step) ? [[life.title, step, life, outcomes] as const] : [],
      ),
);
const tried = shareOf(rows, 30, 2);
const isRoot = process.getuid?.() === 0;
const missing = brokerMissing() ?? (isRoot ? undefined : '(only root can give the agent a disk of its own)');

/** The agent's work directory is on a disk of its own, which is full before a write. */
describe.skipIf(missing)(
  `an agent whose disk is full before ${howMany(tried.length, rows.length, 'writes')} ${missing ?? ''}`,
  () => {
    let stage: KillStage;
    beforeAll(async () => {
      stage = await KillStage.start({ diskMb: DISK_MB });
    });
    afterAll(() => stage?.stop());

    const isHonest = (came: string, allowed: Life['unharmed']): boolean => allowed.includes(came) || NO_ROOM.test(came);

    it.each(tried)(
      'of %s, %s, goes on when there is room again',
      { timeout: TIMEOUT_MS },
      async (_title, step, life) => {
        await stage.settled();
        const { pid } = stage.agent;
        const came = await life.live(stage, stage.fullDiskAt(step));
        expect(came).toSatisfy((text: string) => isHonest(text, life.unharmed));
        expect([stage.agent.isRunning, stage.agent.pid]).toEqual([true, pid]);
      },
    );

    it.each(tried)(
      'of %s, %s, and that dies there, is started on the full disk',
      { timeout: TIMEOUT_MS },
      async (_title, step, life, outcomes) => {
        await stage.settled();
        const came = await life.live(stage, stage.fullDiskAndDeathAt(step));
        expect(came).toSatisfy((text: string) => isHonest(text, [...outcomes, ...life.unharmed]));
      },
    );

    it('tells one end of every task and operation', () => {
      expect(stage.withoutOneEnd()).toEqual([]);
    });
  },
);
