import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeIds } from '../testing/fake-ids.js';
import { settled } from '../testing/settled.js';
import { FakeNode } from '../testing/fake-containerizer.js';
import { TaskWorld } from '../testing/task-world.js';
import { isTerminal } from '../tasks/task-state.js';
import { AgentState } from './agent-state.js';
import { FileJournal } from './checkpoint.fs.js';
import { decodeJournal, journalHeader } from './journal-format.js';
import type { CheckpointRecord } from './record.js';

/** What happens to the agent's tasks, in words that fast-check can shrink. */
type Step =
  | { readonly do: 'launch'; readonly task: number }
  | { readonly do: 'end' | 'kill' | 'acknowledge'; readonly task: number };

const steps = fc.array(
  fc.record({
    do: fc.constantFrom<Step['do']>('launch', 'launch', 'end', 'kill', 'acknowledge', 'acknowledge'),
    task: fc.integer({ min: 0, max: 2 }),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('recovery after a crash at any moment', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'agent-crash-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Runs an agent through the steps and gives back all it wrote. */
  const run = async (script: readonly Step[], ids: FakeIds): Promise<Buffer> => {
    const path = join(folder, 'run.journal');
    await rm(path, { force: true });
    const node = new FakeNode();
    const state = new AgentState();
    const store = await FileJournal.start(path, { snapshot: () => state.snapshot(), onFailure: () => undefined });
    const world = new TaskWorld({ node, state, store, ids });
    for (const step of script) {
      const taskId = `t${step.task}`;
      const task = world.ledger.state.task('F', taskId);
      if (step.do === 'launch') await world.launch({ task_id: { value: taskId } }, { messageId: `m${step.task}` });
      else if (task === undefined) continue;
      else if (step.do === 'end') world.containerizer.end(task.containerId, { waitStatus: 256 });
      else if (step.do === 'kill') await world.killer.kill(task, 'kill');
      else world.acknowledge(taskId);
      await settled();
    }
    await store.close();
    return readFile(path);
  };

  it('answers for every task that was taken over, and lets none of them begin twice', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const ids = new FakeIds();
        const journal = await run(script, ids);
        let records = -1;
        for (let end = journalHeader().length; end <= journal.length; end++) {
          const found = decodeJournal('journal', journal.subarray(0, end)).records;
          // Between the ends of two batches every cut leaves the same.
          if (found.length !== records) await checkCrash(found, ids);
          records = found.length;
        }
      }),
      { numRuns: 10 },
    );
  }, 60_000);

  /** The node is left as it may be at that moment: containers that were begun after it are there too, since the disk is behind. */
  const checkCrash = async (records: readonly CheckpointRecord[], ids: FakeIds): Promise<void> => {
    const node = new FakeNode();
    const before = replayed(records);
    const alive = [...before.tasks()].filter((task) => !isTerminal(task.state));
    const world = new TaskWorld({ node, state: replayed(records), ids });
    for (const task of alive) {
      if (task.container !== undefined) await world.containerizer.create(configFor(task.containerId));
      if (task.state !== 'TASK_STAGING') await world.containerizer.start(task.containerId);
    }
    await world.containerizer.create(configFor('orphan'));
    await world.recovery.recover();
    for (const task of alive) {
      const now = world.task(task.taskId);
      const container = node.containers.get(task.containerId);
      if (isTerminal(now.state)) expect(container).toBeUndefined();
      else expect(container).toBeDefined();
      if (task.state === 'TASK_RUNNING') expect(now.state).toBe('TASK_RUNNING');
      expect(isTerminal(now.state) ? now.pending.length > 0 : true).toBe(true);
    }
    expect(node.containers.has('orphan')).toBe(false);
    expect(new Set(node.begun).size).toBe(node.begun.length);
    // The message that launched a task comes again: a task that is known is not launched a second time.
    const begun = node.begun.length;
    for (const task of before.tasks()) {
      await world.launch({ task_id: { value: task.taskId } }, { messageId: task.messageId });
    }
    await settled();
    expect(node.begun).toHaveLength(begun);
  };
});

const replayed = (records: readonly CheckpointRecord[]): AgentState => {
  const state = new AgentState();
  for (const record of structuredClone(records)) state.apply(record);
  return state;
};

const configFor = (id: string) => ({
  id,
  args: ['true'],
  env: [],
  user: 'root',
  sandbox: '/s',
  limits: { cpusMilli: 0, memBytes: 0 },
});
