import type { DrainRecord } from '@tranche/contracts';
import { describe, expect, it } from 'vitest';
import { knownAgent } from '../agents/agents.fakes.js';
import { type AgentEntry, newAgentEntry } from '../model/agent-entry.js';
import type { TaskEntry } from '../model/task-entry.js';
import { actionId, drainAction, drainingAgent } from './drain-action.js';

const DRAIN: DrainRecord = { state: 'draining', markGone: false, startedAtMs: 1_000, tasks: 5 };
const ISO_1S = '1970-01-01T00:00:01.000Z';

function agent(drain: DrainRecord | undefined, record: object = {}, running = 0): AgentEntry {
  const entry = newAgentEntry('c-S0');
  entry.known = knownAgent({ ...record, ...(drain === undefined ? {} : { drain }) });
  for (let i = 0; i < running; i++) entry.tally.add('TASK_RUNNING', 1);
  return entry;
}

const task = (taskId: string, state = 'TASK_KILLING'): TaskEntry =>
  ({ record: { taskId, frameworkId: 'F', state }, shelf: 'tasks' }) as TaskEntry;

const view = (entry: AgentEntry, tasks: TaskEntry[] = []) => {
  const found = drainingAgent(entry);
  if (found === undefined) throw new Error('nobody drains it');
  return drainAction(found, tasks);
};

describe('a drain as an action', () => {
  it('is not there without an order', () => {
    expect(drainingAgent(agent(undefined))).toBeUndefined();
    expect(drainingAgent(newAgentEntry('c-S1'))).toBeUndefined();
  });

  it('runs: how many of the tasks at its beginning have ended, and which are waited for', () => {
    expect(view(agent(DRAIN, {}, 2), [task('a'), task('b')])).toEqual({
      id: 'drain-c-S0-rs',
      kind: 'drain',
      state: 'running',
      agentId: 'c-S0',
      agentHostname: expect.any(String),
      progress: { done: 3, total: 5, unit: 'tasks' },
      blockers: [
        { code: 'task-alive', text: 'task a of F is TASK_KILLING' },
        { code: 'task-alive', text: 'task b of F is TASK_KILLING' },
      ],
      isCancellable: true,
      startedAt: ISO_1S,
    });
  });

  it('names twenty tasks and counts the rest', () => {
    const tasks = Array.from({ length: 30 }, (_, i) => task(`t${i}`));
    const { blockers, progress } = view(agent(DRAIN, {}, 30), tasks);
    expect([blockers.length, blockers.at(-1)?.text, progress]).toEqual([
      21,
      'and 10 more',
      { done: 0, total: 30, unit: 'tasks' },
    ]);
  });

  it('waits for updates when no task lives any more', () => {
    expect(view(agent(DRAIN), [task('a', 'TASK_KILLED'), task('b', 'TASK_FINISHED')]).blockers).toEqual([
      { code: 'updates-waiting', text: 'framework F has not acknowledged the end of a, b' },
    ]);
    expect(view(agent(DRAIN)).blockers).toEqual([{ code: 'updates-waiting', text: 'executors are still ending' }]);
  });

  it('waits for an agent that is away, and cannot be cancelled then', () => {
    const { blockers, isCancellable, state } = view(agent(DRAIN, { state: 'unreachable' }));
    expect([state, isCancellable, blockers.map(({ code }) => code)]).toEqual(['running', false, ['agent-away']]);
  });

  it('is done when the agent is empty, whatever becomes of that then', () => {
    const drained: DrainRecord = { ...DRAIN, state: 'drained', endedAtMs: 61_000 };
    const done = { state: 'done', progress: { done: 5, total: 5 }, blockers: [], endedAt: '1970-01-01T00:01:01.000Z' };
    expect(view(agent(drained))).toMatchObject({ ...done, isCancellable: false });
    expect(view(agent(drained, { state: 'gone' }))).toMatchObject(done);
  });

  it('has failed when the agent has gone before', () => {
    const gone = { state: 'gone', stateReason: 'declared gone by an operator', stateSinceMs: 1_000 } as const;
    expect(view(agent(DRAIN, gone))).toMatchObject({
      state: 'failed',
      error: { code: 'agent-gone', text: 'the agent is gone: declared gone by an operator' },
      endedAt: ISO_1S,
    });
  });

  it('stays the same when it is ordered again with other terms, and is another one after an activation', () => {
    expect(actionId('c-S0', { ...DRAIN, markGone: true })).toBe(actionId('c-S0', DRAIN));
    expect(actionId('c-S0', { ...DRAIN, startedAtMs: 2_000 })).not.toBe(actionId('c-S0', DRAIN));
  });
});
