import type { TaskState } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { frameworkInfo, taskLaunch } from '../testing/task.builder.js';
import { AgentState, MAX_COMPLETED_FRAMEWORKS, MAX_COMPLETED_TASKS } from './agent-state.js';
import type { CheckpointRecord } from './record.js';

const framework: CheckpointRecord = { kind: 'framework', frameworkId: 'F', info: frameworkInfo() };
const launch: CheckpointRecord = { kind: 'task', launch: taskLaunch() };
const status = (state: TaskState, uuid: string, taskId = 't1', frameworkId = 'F'): CheckpointRecord => ({
  kind: 'status',
  frameworkId,
  taskId,
  status: { task_id: { value: taskId }, state, uuid },
});
const acknowledged = (uuid: string, taskId = 't1', frameworkId = 'F'): CheckpointRecord => ({
  kind: 'acknowledged',
  frameworkId,
  taskId,
  uuid,
});

function after(...records: CheckpointRecord[]): AgentState {
  const state = new AgentState();
  for (const record of records) state.apply(record);
  return state;
}

describe('AgentState', () => {
  it('keeps a terminal task until its last update is acknowledged', () => {
    const state = after(
      framework,
      launch,
      status('TASK_STARTING', 'u1'),
      status('TASK_FAILED', 'u2'),
      acknowledged('u1'),
    );
    expect(state.task('F', 't1')).toMatchObject({ state: 'TASK_FAILED', pending: [{ uuid: 'u2' }] });
    state.apply(acknowledged('u2'));
    expect(state.task('F', 't1')).toBeUndefined();
    expect(state.framework('F')?.completed).toMatchObject([{ taskId: 't1', state: 'TASK_FAILED' }]);
  });

  it('ignores an acknowledgement of anything but the update in flight', () => {
    const state = after(
      framework,
      launch,
      status('TASK_STARTING', 'u1'),
      status('TASK_RUNNING', 'u2'),
      acknowledged('u2'),
    );
    expect(state.task('F', 't1')?.pending.map(({ uuid }) => uuid)).toEqual(['u1', 'u2']);
  });

  it('keeps the last status of each run of equal states', () => {
    const state = after(
      framework,
      launch,
      status('TASK_STARTING', 'u1'),
      status('TASK_RUNNING', 'u2'),
      status('TASK_RUNNING', 'u3'),
    );
    expect(state.task('F', 't1')?.statuses.map(({ uuid }) => uuid)).toEqual(['u1', 'u3']);
  });

  it('takes a step back of a task for a defect', () => {
    const state = after(framework, launch, status('TASK_STARTING', 'u1'), status('TASK_KILLED', 'u2'));
    expect(() => state.apply(status('TASK_RUNNING', 'u3'))).toThrow('F/t1 cannot go from TASK_KILLED to TASK_RUNNING');
  });

  it('ignores a second launch of a task that it has', () => {
    const state = after(framework, launch, status('TASK_STARTING', 'u1'), launch);
    expect(state.task('F', 't1')?.state).toBe('TASK_STARTING');
  });

  it('knows the message that launched a task after the task is over', () => {
    const state = after(framework, launch, status('TASK_KILLED', 'u1'), acknowledged('u1'));
    expect(state.wasLaunchedBy('message-t1', 'F', 't1')).toBe(true);
    expect(state.wasLaunchedBy('another', 'F', 't1')).toBe(false);
  });

  it('forgets the updates of a removed framework and completes its tasks as they end', () => {
    const state = after(framework, launch, status('TASK_STARTING', 'u1'), {
      kind: 'framework-removed',
      frameworkId: 'F',
    });
    expect(state.task('F', 't1')?.pending).toEqual([]);
    state.apply(status('TASK_KILLED', 'u2'));
    expect(state.framework('F')).toMatchObject({ removed: true, completed: [{ state: 'TASK_KILLED' }] });
  });

  it('remembers a limited number of completed tasks, the newest', () => {
    const state = after(framework);
    for (let i = 0; i <= MAX_COMPLETED_TASKS; i++) {
      state.apply({ kind: 'task', launch: taskLaunch({ taskId: `t${i}` }) });
      state.apply(status('TASK_ERROR', `u${i}`, `t${i}`));
      state.apply(acknowledged(`u${i}`, `t${i}`));
    }
    expect(state.framework('F')?.completed).toHaveLength(MAX_COMPLETED_TASKS);
    expect(state.framework('F')?.completed[0]?.taskId).toBe('t1');
  });

  it('remembers a limited number of frameworks without tasks', () => {
    const state = after();
    for (let i = 0; i <= MAX_COMPLETED_FRAMEWORKS; i++) {
      const frameworkId = `F${i}`;
      state.apply({ kind: 'framework', frameworkId, info: frameworkInfo() });
      state.apply({ kind: 'task', launch: taskLaunch({ frameworkId }) });
      state.apply(status('TASK_ERROR', 'u', 't1', frameworkId));
      state.apply(acknowledged('u', 't1', frameworkId));
    }
    expect(state.framework('F0')).toBeUndefined();
    expect([...state.frameworks]).toHaveLength(MAX_COMPLETED_FRAMEWORKS);
  });

  it('comes out of its own snapshot the same', () => {
    const state = after(
      { kind: 'agent', agentId: 'S0' },
      framework,
      launch,
      status('TASK_STARTING', 'u1'),
      { kind: 'task', launch: taskLaunch({ taskId: 't2' }) },
      status('TASK_KILLED', 'u2', 't2'),
      acknowledged('u2', 't2'),
      { kind: 'framework', frameworkId: 'G', info: frameworkInfo() },
      { kind: 'task', launch: taskLaunch({ frameworkId: 'G' }) },
      { kind: 'framework-removed', frameworkId: 'G' },
    );
    const again = after(...structuredClone([...state.snapshot()]));
    expect(again).toEqual(state);
  });
});
