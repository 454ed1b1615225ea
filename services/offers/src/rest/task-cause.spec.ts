import type { TaskRecord } from '@tranche/contracts';
import type { TaskState, TaskStatus } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { scalar, taskInfo } from '../testing/offers.fakes.js';
import { exitStatusOf } from './exit-status.js';
import { causeOf } from './task-cause.js';

const ended = (state: TaskState, status: Partial<TaskStatus> = {}): TaskRecord => ({
  frameworkId: 'F',
  taskId: 't',
  agentId: 'S1',
  role: 'web',
  info: taskInfo('t', { resources: [scalar('cpus', 1), scalar('mem', 32)] }),
  resources: [],
  state,
  statuses: [{ task_id: { value: 't' }, state, ...status }],
  user: 'u',
  launchedAtMs: 0,
  traceId: '',
});

describe('causeOf', () => {
  it.each<[TaskState, Partial<TaskStatus>, string | undefined]>([
    ['TASK_RUNNING', {}, undefined],
    ['TASK_RUNNING', { healthy: false }, 'unhealthy'],
    ['TASK_STAGING', {}, 'staging'],
    ['TASK_FINISHED', { message: 'Command exited with status 0' }, 'exit 0'],
    ['TASK_FAILED', { message: 'Command exited with status 1' }, 'exit 1'],
    ['TASK_FAILED', { message: 'Command terminated with signal Segmentation fault (core dumped)' }, 'signal 11'],
    ['TASK_FAILED', { reason: 'REASON_CONTAINER_LIMITATION_MEMORY' }, 'OOM 32 MiB'],
    ['TASK_FAILED', { reason: 'REASON_CONTAINER_LAUNCH_FAILED' }, 'launch failed'],
    ['TASK_FAILED', {}, 'failed'],
    ['TASK_KILLED', { message: 'Command terminated with signal Terminated' }, 'killed'],
    ['TASK_KILLED', { healthy: false }, 'unhealthy'],
    ['TASK_KILLED', { reason: 'REASON_AGENT_DRAINING' }, 'killed by agent drain'],
    ['TASK_ERROR', {}, 'refused'],
    ['TASK_LOST', { reason: 'REASON_AGENT_REMOVED' }, 'agent lost'],
  ])('%s %j is %s', (state, status, cause) => {
    expect(causeOf(ended(state, status))).toBe(cause);
  });
});

describe('causeOf, beside the state,', () => {
  it('tells how far a launch is', () => {
    const starting = ended('TASK_STARTING');
    expect(causeOf(starting, { step: 'fetching', percent: 61 })).toBe('fetching 61%');
    expect(causeOf(starting, { step: 'pulling' })).toBe('pulling');
    expect(causeOf(ended('TASK_RUNNING'), { step: 'fetching', percent: 100 })).toBeUndefined();
  });

  it('tells how many health checks have failed, of how many that may', () => {
    const sick = { ...ended('TASK_RUNNING', { healthy: false }), failedChecks: 2 };
    expect(causeOf(sick)).toBe('unhealthy 2/3');
    const info = { ...sick.info, health_check: { consecutive_failures: 5 } };
    const killed = { ...ended('TASK_KILLED', { healthy: false }), failedChecks: 5, info };
    expect(causeOf(killed)).toBe('unhealthy 5/5');
  });
});

describe('exitStatusOf', () => {
  it.each([
    ['Command exited with status 137', { exitCode: 137 }],
    ['Command terminated with signal Killed', { signal: 9 }],
    ['Command terminated with signal 6', { signal: 6 }],
    ['Container launch failed', undefined],
  ])('reads %s as %j', (message, status) => {
    expect(exitStatusOf({ task_id: { value: 't' }, state: 'TASK_FAILED', message })).toEqual(status);
  });
});
