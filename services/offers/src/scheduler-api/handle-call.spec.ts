import type { SchedulerCall } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { forwardMessage } from '../executors/hear-executor.js';
import { acceptOffers } from '../offers/accept-offers.js';
import { updateOperation } from '../operations/update-operation.js';
import { updateTask } from '../tasks/update-task.js';
import { offer, scene, subscribe, taskInfo } from '../testing/offers.fakes.js';
import { handleCall } from './handle-call.js';

const ids = { agent_id: { value: 'S1' }, task_id: { value: 't1' } };
const report = (frameworkId: string, taskId: string) => ({
  ...{ agentId: 'S1', frameworkId, taskId, traceId: '' },
  status: { task_id: { value: taskId }, state: 'TASK_RUNNING' as const, uuid: 'a', timestamp: 5 },
});

async function running() {
  const context = scene();
  const { framework } = subscribe(context);
  const accept = {
    offer_ids: [{ value: offer(context, framework, { cpus: 0.5, mem: 32 }) }],
    operations: [{ type: 'LAUNCH' as const, launch: { task_infos: [taskInfo('t1')] } }],
  };
  await acceptOffers(context, framework, accept, 'trace');
  const call = (said: SchedulerCall) => handleCall(context, framework, said, 'trace');
  return { context, call, frameworkId: framework.frameworkId };
}

describe('handleCall', () => {
  it('says of an acknowledgement whether it was passed on', async () => {
    const { context, call, frameworkId } = await running();
    const acknowledge = (taskId: string) =>
      call({ type: 'ACKNOWLEDGE', acknowledge: { ...ids, task_id: { value: taskId }, uuid: 'a' } });
    expect(await acknowledge('t1')).toEqual({ kind: 'accepted', isDropped: true });
    expect(updateTask(context, report(frameworkId, 't1'))).toBe(true);
    expect(await acknowledge('t1')).toEqual({ kind: 'accepted' });
    expect(await acknowledge('other')).toEqual({ kind: 'accepted', isDropped: true });
  });

  it('says of a message whether its agent is there', async () => {
    const { call } = await running();
    const message = (agentId: string) =>
      call({ type: 'MESSAGE', message: { agent_id: { value: agentId }, executor_id: { value: 'e' }, data: '' } });
    expect(await message('S1')).toEqual({ kind: 'accepted' });
    expect(await message('S9')).toEqual({ kind: 'accepted', isDropped: true });
  });

  it('says of an acknowledged operation whether it is known', async () => {
    const { call } = await running();
    const acknowledged = { agent_id: { value: 'S1' }, operation_id: { value: 'o' }, uuid: 'a' };
    expect(await call({ type: 'ACKNOWLEDGE_OPERATION_STATUS', acknowledge_operation_status: acknowledged })).toEqual({
      ...{ kind: 'accepted', isDropped: true },
    });
  });
});

describe('what agents tell', () => {
  it('is valid of what is known', async () => {
    const { context, frameworkId } = await running();
    expect(updateTask(context, report(frameworkId, 'other'))).toBe(false);
    expect(updateTask(context, report('F9', 't1'))).toBe(false);
    const message = (of: string) =>
      forwardMessage(context, { agentId: 'S1', frameworkId: of, executorId: 'e', data: '' });
    expect([message(frameworkId), message('F9')]).toEqual([true, false]);
    const told = { agentId: 'S1', operationUuid: 'o', status: { state: 'OPERATION_FINISHED' as const } };
    expect(updateOperation(context, told)).toBe(false);
  });
});
