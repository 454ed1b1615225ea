import { describe, expect, it } from 'vitest';
import type { Task } from '../tasks/task.js';
import { FakeStream, frameworkInfo, scene, scalar, taskInfo } from '../testing/offers.fakes.js';
import { subscribed, removed } from './framework-state.js';
import { recoverFrameworks } from './recover-frameworks.js';
import { subscribeFramework } from './subscribe-framework.js';

const terms = { info: frameworkInfo({ failover_timeout: 0 }), suppressedRoles: [] };
const held = [scalar('cpus', 1)];
const task = (taskId: string, stage: Task['stage'], frameworkId = 'F'): Task => ({
  stage,
  held,
  heldForExecutor: [],
  record: {
    frameworkId,
    taskId,
    agentId: 'S1',
    role: 'web',
    info: taskInfo(taskId),
    resources: held,
    state: 'TASK_RUNNING',
    statuses: [],
    user: 'u',
    launchedAtMs: 0,
    traceId: '',
  },
});

describe('recoverFrameworks', () => {
  it('lets a framework come back until its deadline, counted from the restart', () => {
    const context = scene();
    recoverFrameworks(context, { frameworks: [subscribed('F', terms, 0)], tasks: [task('t', 'live')], executors: [] });
    expect(context.state.frameworks.get('F')?.record.state).toBe('recovered');
    context.clock.advance(4_999);
    const stream = new FakeStream();
    const info = frameworkInfo({ id: { value: 'F' }, failover_timeout: 0 });
    expect(subscribeFramework(context, { info, suppressedRoles: [] }, stream).ok).toBe(true);
    expect(stream.types()).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
    context.clock.advance(60_000);
    expect(context.state.tasks.get('F', 't')?.stage).toBe('live');
  });

  it('removes one that does not come back, with its tasks', () => {
    const context = scene();
    recoverFrameworks(context, { frameworks: [subscribed('F', terms, 0)], tasks: [task('t', 'live')], executors: [] });
    context.clock.advance(5_000);
    expect(context.state.frameworks.completed('F')?.record.state).toBe('removed');
    expect(context.agents.shutDown).toEqual([{ frameworkId: 'F' }]);
  });

  it('keeps history as history and drops tasks of frameworks that it does not know', () => {
    const context = scene();
    const gone = removed(subscribed('G', terms, 0), 'torn down', 1);
    recoverFrameworks(context, {
      frameworks: [gone, subscribed('F', terms, 0)],
      tasks: [task('old', 'completed'), task('odd', 'live', 'G'), task('lost', 'live', 'H')],
      executors: [],
    });
    expect([...context.state.tasks.allCompleted()].map(({ record }) => record.taskId)).toEqual(['old', 'odd']);
    expect([...context.state.tasks.allPresent()]).toEqual([]);
  });
});
