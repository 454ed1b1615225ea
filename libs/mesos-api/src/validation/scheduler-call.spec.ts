import { describe, expect, it } from 'vitest';
import type { SchedulerCall, SchedulerCallType } from '../generated/scheduler.js';
import { validateSchedulerCall } from './scheduler-call.js';

const framework_id = { value: 'F' };
const UUID = '2qhNAhjKTNCPEPj0zd1zAw==';

const subscribe = (members: Partial<SchedulerCall> = {}, info: object = {}): SchedulerCall => ({
  type: 'SUBSCRIBE',
  subscribe: { framework_info: { user: 'u', name: 'n', ...info } },
  ...members,
});

describe('validateSchedulerCall', () => {
  it('wants a type first', () => {
    expect(validateSchedulerCall({})).toBe("Expecting 'type' to be present");
  });

  it('wants a framework id of every call but SUBSCRIBE', () => {
    expect(validateSchedulerCall({ type: 'ACCEPT' })).toBe("Expecting 'framework_id' to be present");
    expect(validateSchedulerCall({ type: 'UNKNOWN' })).toBe("Expecting 'framework_id' to be present");
    expect(validateSchedulerCall(subscribe())).toBeUndefined();
  });

  it.each<SchedulerCallType>([
    'ACCEPT',
    'DECLINE',
    'ACCEPT_INVERSE_OFFERS',
    'DECLINE_INVERSE_OFFERS',
    'KILL',
    'SHUTDOWN',
    'ACKNOWLEDGE',
    'ACKNOWLEDGE_OPERATION_STATUS',
    'RECONCILE',
    'RECONCILE_OPERATIONS',
    'MESSAGE',
    'REQUEST',
    'UPDATE_FRAMEWORK',
  ])('wants the member of %s', (type) => {
    expect(validateSchedulerCall({ type, framework_id })).toBe(`Expecting '${type.toLowerCase()}' to be present`);
  });

  it.each<SchedulerCallType>(['TEARDOWN', 'REVIVE', 'SUPPRESS', 'UNKNOWN'])('wants no member of %s', (type) => {
    expect(validateSchedulerCall({ type, framework_id })).toBeUndefined();
  });

  it('wants the member of SUBSCRIBE', () => {
    expect(validateSchedulerCall({ type: 'SUBSCRIBE' })).toBe("Expecting 'subscribe' to be present");
  });

  it.each([
    [{ framework_id }, {}],
    [{}, { id: { value: 'F' } }],
    [{ framework_id }, { id: { value: 'G' } }],
  ])('wants the same id in both places of SUBSCRIBE: %j %j', (members, info) => {
    expect(validateSchedulerCall(subscribe(members, info))).toBe(
      "'framework_id' differs from 'subscribe.framework_info.id'",
    );
  });

  it('takes an empty id for none', () => {
    expect(validateSchedulerCall(subscribe({ framework_id: { value: '' } }))).toBeUndefined();
  });

  it('wants the declared principal to be the authenticated one', () => {
    const call = subscribe({}, { principal: 'q' });
    expect(validateSchedulerCall(call, 'p')).toBe(
      "Authenticated principal 'p' does not match principal 'q' set in `FrameworkInfo`",
    );
    expect(validateSchedulerCall(call, 'q')).toBeUndefined();
    expect(validateSchedulerCall(call)).toBeUndefined();
    expect(validateSchedulerCall(subscribe(), 'p')).toBeUndefined();
  });

  it('wants a UUID to acknowledge an update', () => {
    const acknowledge = { agent_id: { value: 'a' }, task_id: { value: 't' }, uuid: 'AAAA' };
    expect(validateSchedulerCall({ type: 'ACKNOWLEDGE', framework_id, acknowledge })).toBe('Not a valid UUID');
    const valid = { ...acknowledge, uuid: UUID };
    expect(validateSchedulerCall({ type: 'ACKNOWLEDGE', framework_id, acknowledge: valid })).toBeUndefined();
  });

  it('wants a UUID and an agent to acknowledge the status of an operation', () => {
    const call = (uuid: string, agent?: string): SchedulerCall => ({
      type: 'ACKNOWLEDGE_OPERATION_STATUS',
      framework_id,
      acknowledge_operation_status: {
        uuid,
        operation_id: { value: 'o' },
        ...(agent !== undefined && { agent_id: { value: agent } }),
      },
    });
    expect(validateSchedulerCall(call('AAAA'))).toBe('Not a valid UUID');
    expect(validateSchedulerCall(call(UUID))).toBe("Expecting 'agent_id' to be present");
    expect(validateSchedulerCall(call(UUID, 'a'))).toBeUndefined();
  });

  it('wants the same id in both places of UPDATE_FRAMEWORK', () => {
    const framework_info = { user: 'u', name: 'n' };
    const call: SchedulerCall = { type: 'UPDATE_FRAMEWORK', framework_id, update_framework: { framework_info } };
    expect(validateSchedulerCall(call)).toBe("'framework_id' differs from 'update_framework.framework_info.id'");
    const update_framework = { framework_info: { ...framework_info, id: framework_id } };
    expect(validateSchedulerCall({ ...call, update_framework })).toBeUndefined();
  });
});
