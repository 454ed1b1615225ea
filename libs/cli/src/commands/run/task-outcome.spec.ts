import type { TaskStatus } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { isLostRace, neverBegan, outcomeOf } from './task-outcome.js';

const status = (fields: Partial<TaskStatus>): TaskStatus => ({
  task_id: { value: 't' },
  state: 'TASK_FAILED',
  ...fields,
});

describe('outcomeOf', () => {
  it.each<[Partial<TaskStatus>, number, string]>([
    [{ state: 'TASK_FINISHED', message: 'Command exited with status 0' }, 0, 'finished'],
    [{ message: 'Command exited with status 3' }, 3, 'exit 3'],
    [{ message: 'Command terminated with signal Segmentation fault (core dumped)' }, 139, 'killed by SIGSEGV'],
    [{ state: 'TASK_KILLED', message: 'Command terminated with signal Terminated' }, 143, 'killed by SIGTERM'],
    [{ state: 'TASK_KILLED', message: 'Command exited with status 9' }, 9, 'exit 9'],
    [{ state: 'TASK_KILLED' }, 143, 'killed'],
    [{ state: 'TASK_LOST', message: 'Agent removed' }, 125, 'lost: Agent removed'],
    [{ state: 'TASK_ERROR', message: 'no\nsuch thing' }, 125, 'error: no'],
    [
      { reason: 'REASON_MAX_COMPLETION_TIME_REACHED', message: 'Command terminated with signal Killed' },
      137,
      'ran longer than its longest time',
    ],
    [{ reason: 'REASON_CONTAINER_LIMITATION_MEMORY', message: 'Memory limit exceeded' }, 137, 'OOM 32 MiB'],
  ])('of %j', (fields, exitCode, cause) => {
    expect(outcomeOf(status(fields), 32)).toEqual({ exitCode, cause });
  });

  it('of a task over its memory limit shows limit and use', () => {
    const limitation = { resources: [{ name: 'mem', type: 'SCALAR' as const, scalar: { value: 31.5 } }] };
    expect(outcomeOf(status({ reason: 'REASON_CONTAINER_LIMITATION_MEMORY', limitation }), 32).cause).toBe(
      'OOM 32 MiB, used 31.5 MiB',
    );
  });
});

it('says of a task that was killed whether its checks had failed', () => {
  const killed = { state: 'TASK_KILLED', message: 'Command terminated with signal Terminated' } as const;
  expect(outcomeOf(status({ ...killed, healthy: false }), 64).cause).toBe('unhealthy, killed by SIGTERM');
  expect(outcomeOf(status({ ...killed, healthy: true }), 64).cause).toBe('killed by SIGTERM');
});

describe('isLostRace', () => {
  const dropped = { state: 'TASK_DROPPED', reason: 'REASON_INVALID_OFFERS', source: 'SOURCE_MASTER' } as const;

  it('is a launch with an offer that was gone', () => {
    expect(isLostRace(status(dropped))).toBe(true);
    expect(isLostRace(status({ ...dropped, state: 'TASK_LOST' }))).toBe(true);
  });

  it('is nothing that may have run', () => {
    expect(isLostRace(status({ ...dropped, source: 'SOURCE_AGENT' }))).toBe(false);
    expect(isLostRace(status({ ...dropped, reason: 'REASON_AGENT_REMOVED' }))).toBe(false);
    expect(isLostRace(status({ ...dropped, state: 'TASK_ERROR' }))).toBe(false);
  });
});

describe('neverBegan', () => {
  it('is true for what was refused, or could not be brought up', () => {
    expect(neverBegan(status({ state: 'TASK_ERROR' }))).toBe(true);
    expect(neverBegan(status({ reason: 'REASON_CONTAINER_LAUNCH_FAILED' }))).toBe(true);
  });

  it('is false for what ended by itself, and for what was lost with its agent', () => {
    expect(neverBegan(status({ message: 'Command exited with status 3' }))).toBe(false);
    expect(neverBegan(status({ state: 'TASK_LOST', reason: 'REASON_AGENT_RESTARTED' }))).toBe(false);
  });
});
