import { describe, expect, it } from 'vitest';
import type { ExecutorCall } from '../generated/executor.js';
import type { TaskStatus } from '../generated/mesos.js';
import { validateExecutorCall } from './executor-call.js';

const ids = { executor_id: { value: 'e' }, framework_id: { value: 'f' } };

const update = (status: Partial<TaskStatus>): ExecutorCall => ({
  ...ids,
  type: 'UPDATE',
  update: {
    status: {
      task_id: { value: 't' },
      state: 'TASK_RUNNING',
      source: 'SOURCE_EXECUTOR',
      uuid: 'wc+8JDwvRgeWjj4xABmZUA==',
      ...status,
    },
  },
});

describe('validateExecutorCall', () => {
  it('wants a type', () => {
    expect(validateExecutorCall(ids)).toBe("Expecting 'type' to be present");
  });

  it.each(['SUBSCRIBE', 'UPDATE', 'MESSAGE'] as const)('wants the member of %s', (type) => {
    expect(validateExecutorCall({ ...ids, type })).toBe(`Expecting '${type.toLowerCase()}' to be present`);
  });

  it.each(['HEARTBEAT', 'UNKNOWN'] as const)('wants nothing more of %s', (type) => {
    expect(validateExecutorCall({ ...ids, type })).toBeUndefined();
  });

  it.each<[string, ExecutorCall, string | undefined]>([
    ['accepts a complete update', update({}), undefined],
    ['wants a uuid', update({ uuid: undefined }), "Expecting 'uuid' to be present"],
    ['wants a uuid of RFC 4122', update({ uuid: 'AAAAAAAAAAAAAAAAAAAAAA==' }), 'Not a valid UUID'],
    [
      'wants the executor of the call',
      update({ executor_id: { value: 'x' } }),
      'ExecutorID in Call: e does not match ExecutorID in TaskStatus: x',
    ],
    [
      'wants the source, which is the master when unset',
      update({ source: undefined }),
      "Received Call from executor e of framework f with invalid source, expecting 'SOURCE_EXECUTOR'",
    ],
    [
      'refuses TASK_STAGING',
      update({ state: 'TASK_STAGING' }),
      'Received TASK_STAGING from executor e of framework f which is not allowed',
    ],
    ['wants the type of a check', update({ check_status: {} }), "CheckStatusInfo must specify 'type'"],
    [
      'wants the member of a check',
      update({ check_status: { type: 'HTTP', tcp: {} } }),
      "Expecting 'http' to be set for HTTP check's status",
    ],
    ['accepts a check without a result', update({ check_status: { type: 'TCP', tcp: {} } }), undefined],
  ])('%s', (_what, call, error) => {
    expect(validateExecutorCall(call)).toBe(error);
  });
});
