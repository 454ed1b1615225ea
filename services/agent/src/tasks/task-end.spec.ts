import { describe, expect, it } from 'vitest';
import type { KillRequest } from '../checkpoint/record.js';
import { frameworkInfo } from '../testing/task.builder.js';
import { dropTask, endOfTask, endWithoutTrace } from './task-end.js';

const kill = (cause: KillRequest['cause']): KillRequest => ({ cause, requestedAtMs: 0, deadlineMs: 0 });

describe('endOfTask', () => {
  it('is TASK_FINISHED for exit status 0', () => {
    expect(endOfTask({ waitStatus: 0 }, undefined)).toEqual({
      state: 'TASK_FINISHED',
      source: 'SOURCE_EXECUTOR',
      message: 'Command exited with status 0',
    });
  });

  it('is TASK_FAILED for any other end', () => {
    expect(endOfTask({ waitStatus: 768 }, undefined)).toMatchObject({
      state: 'TASK_FAILED',
      message: 'Command exited with status 3',
    });
    expect(endOfTask({ waitStatus: 9 }, undefined)).toMatchObject({ state: 'TASK_FAILED' });
  });

  it('is TASK_KILLED after a kill, whatever the exit status', () => {
    expect(endOfTask({ waitStatus: 0 }, kill('kill'))).toMatchObject({
      state: 'TASK_KILLED',
      message: 'Command exited with status 0',
    });
    expect(endOfTask({}, kill('agent-stopping'))).toMatchObject({ state: 'TASK_KILLED' });
  });

  it('is TASK_FAILED with its reason when the time of the task was up', () => {
    expect(endOfTask({ waitStatus: 9 }, kill('max-completion-time'))).toMatchObject({
      state: 'TASK_FAILED',
      reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
    });
  });

  it('names the limit that ended the container, and the use, even during a kill', () => {
    const limitation = {
      resource: 'mem',
      message: 'Memory limit exceeded: …',
      limitBytes: 1,
      usedBytes: 48 << 20,
    } as const;
    expect(endOfTask({ waitStatus: 9, limitation }, kill('kill'))).toEqual({
      state: 'TASK_FAILED',
      source: 'SOURCE_AGENT',
      reason: 'REASON_CONTAINER_LIMITATION_MEMORY',
      message: 'Memory limit exceeded: …',
      limitation: { resources: [{ name: 'mem', type: 'SCALAR', scalar: { value: 48 } }] },
    });
  });

  it('is TASK_FAILED when nobody saw the exit status', () => {
    expect(endOfTask({}, undefined)).toMatchObject({ state: 'TASK_FAILED', reason: 'REASON_EXECUTOR_TERMINATED' });
    expect(endWithoutTrace(undefined, false)).toMatchObject({
      state: 'TASK_FAILED',
      reason: 'REASON_EXECUTOR_TERMINATED',
    });
    expect(endWithoutTrace(kill('kill'), false)).toMatchObject({ state: 'TASK_KILLED' });
  });
});

describe('dropTask', () => {
  it('is TASK_DROPPED for frameworks that know the difference, else TASK_LOST', () => {
    const drop = (framework = frameworkInfo()) => dropTask(framework, 'REASON_AGENT_RESTARTED', 'm').state;
    expect(drop()).toBe('TASK_LOST');
    expect(drop(frameworkInfo('PARTITION_AWARE'))).toBe('TASK_DROPPED');
  });
});
