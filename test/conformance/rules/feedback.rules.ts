import {
  AcknowledgeOperationStatusV1,
  ApplyOperationsV1,
  type ReportOperationStatus,
  ReportOperationStatusV1,
} from '@tranche/contracts';
import type { OperationStatus } from '@tranche/mesos-api';
import { expect } from 'vitest';
import { disk, named, offered, operate, reserve, told } from '../operations.js';
import { type Rule, rule } from '../rule.js';
import type { Scheduler } from '../scheduler.js';
import { agentRecord, cpusAndMem, scalar, type Stage } from '../stage.js';

/** A reservation with an id, sent to its agent. */
async function pending(stage: Stage): Promise<{ scheduler: Scheduler; report: Omit<ReportOperationStatus, 'status'> }> {
  const { scheduler, offer } = await offered(stage, [scalar('disk', 100)]);
  await operate(scheduler, offer, named(reserve(disk(10))));
  const { agentId, frameworkId, operationUuid, operationId } = await stage.told(ApplyOperationsV1);
  return {
    scheduler,
    report: {
      agentId,
      operationUuid,
      ...(frameworkId === undefined ? {} : { frameworkId }),
      ...(operationId === undefined ? {} : { operationId }),
    },
  };
}

async function reconciled(scheduler: Scheduler, operationIds: readonly string[]): Promise<OperationStatus[]> {
  const operations = operationIds.map((value) => ({ operation_id: { value } }));
  await scheduler.call({ type: 'RECONCILE_OPERATIONS', reconcile_operations: { operations } });
  return (await scheduler.settled()).flatMap(({ update_operation_status: update }) => update?.status ?? []);
}

const acknowledge = (scheduler: Scheduler, agentId: string, uuid: string) =>
  scheduler.call({
    type: 'ACKNOWLEDGE_OPERATION_STATUS',
    acknowledge_operation_status: { agent_id: { value: agentId }, operation_id: { value: 'op' }, uuid },
  });

/** What is told of operations after they were accepted: feedback, states, reconciliation. */
export const feedbackRules: readonly Rule[] = [
  rule('§5.3 feedback', 'it needs an agent that gives it', async (stage) => {
    const operation = reserve(disk(1));
    const refusals = [
      {
        operation,
        capabilities: [],
        message: /^Operation requested feedback, but agent .* RESOURCE_PROVIDER capability$/,
      },
      {
        operation,
        capabilities: ['RESOURCE_PROVIDER'],
        message: / does not have the required AGENT_OPERATION_FEEDBACK and RESOURCE_PROVIDER capabilities$/,
      },
    ];
    for (const { message, capabilities } of refusals) {
      const { scheduler, offer } = await offered(stage, [scalar('disk', 9)], { capabilities });
      await operate(scheduler, offer, named(operation));
      expect(await told(scheduler)).toMatchObject({
        state: 'OPERATION_ERROR',
        message: expect.stringMatching(message),
      });
    }
  }),
  rule('§7 UPDATE_OPERATION_STATUS', 'only operations with an id are told of, as the agent says', async (stage) => {
    const { scheduler, report } = await pending(stage);
    const uuid = { value: stage.uuid() };
    await stage.say(ReportOperationStatusV1, { ...report, status: { state: 'OPERATION_FINISHED', uuid } });
    expect(await told(scheduler)).toEqual({
      operation_id: { value: 'op' },
      state: 'OPERATION_FINISHED',
      uuid,
      agent_id: { value: report.agentId },
    });
    const offer = await stage.offer(scheduler, { resources: [scalar('disk', 100)] });
    await operate(scheduler, offer, reserve(disk(1)));
    const { operationUuid, agentId } = await stage.told(ApplyOperationsV1);
    const { frameworkId } = scheduler;
    const status = { state: 'OPERATION_FINISHED' as const };
    await stage.say(ReportOperationStatusV1, { agentId, frameworkId, operationUuid, status });
    expect(await scheduler.settled()).toEqual([]);
  }),
  rule('§4 ACKNOWLEDGE_OPERATION_STATUS', 'the agent is told of it; what is unknown is ignored', async (stage) => {
    const { scheduler, report } = await pending(stage);
    const { agentId, operationUuid } = report;
    const uuid = stage.uuid();
    const status = { state: 'OPERATION_FINISHED' as const, uuid: { value: uuid } };
    await stage.say(ReportOperationStatusV1, { ...report, status });
    for (const [agent, statusUuid] of [
      ['nobody', uuid],
      [agentId, stage.uuid()],
      [agentId, uuid],
      [agentId, uuid],
    ] as const) {
      expect((await acknowledge(scheduler, agent, statusUuid)).status).toBe(202);
    }
    // Once the database has the end: those of other rules' agents may come meanwhile.
    let told = await stage.told(AcknowledgeOperationStatusV1);
    while (told.agentId !== agentId) told = await stage.told(AcknowledgeOperationStatusV1);
    expect(told).toEqual({ agentId, operationUuid, statusUuid: uuid });
    const more = await stage.all(AcknowledgeOperationStatusV1);
    expect(more.filter((one) => one.agentId === agentId)).toEqual([]);
  }),
  rule('§8 operation states', 'pending without an event, then as the agent says, until acknowledged', async (stage) => {
    const { scheduler, report } = await pending(stage);
    expect(await scheduler.settled()).toEqual([]);
    expect(await reconciled(scheduler, ['op'])).toMatchObject([{ state: 'OPERATION_PENDING' }]);
    const state = 'OPERATION_FAILED';
    const uuid = { value: stage.uuid() };
    await stage.say(ReportOperationStatusV1, { ...report, status: { state, message: 'no', uuid } });
    expect(await told(scheduler)).toMatchObject({ state, message: 'no', uuid });
    const [latest] = await reconciled(scheduler, ['op']);
    expect(latest).toMatchObject({ state, operation_id: { value: 'op' } });
    expect(latest).not.toHaveProperty('uuid');
    await acknowledge(scheduler, report.agentId, uuid.value);
    expect(await reconciled(scheduler, ['op'])).toMatchObject([{ state: 'OPERATION_UNKNOWN' }]);
  }),
  rule('§8 operations of a lost agent', 'they are unreachable or gone, without a uuid', async (stage) => {
    for (const [standing, state] of [
      ['unreachable', 'OPERATION_UNREACHABLE'],
      ['gone', 'OPERATION_GONE_BY_OPERATOR'],
    ] as const) {
      const { scheduler, report } = await pending(stage);
      await stage.agentIs(report.agentId, standing);
      const status = await told(scheduler);
      expect(status).toMatchObject({ operation_id: { value: 'op' }, state, agent_id: { value: report.agentId } });
      expect(status).not.toHaveProperty('uuid');
    }
  }),
  rule(
    '§8 operations of an agent that returns',
    'its word holds; what it has not heard is sent again',
    async (stage) => {
      const { scheduler, report } = await pending(stage);
      const { agentId, operationUuid } = report;
      const record = agentRecord(agentId, { resources: [...cpusAndMem(8, 8192), scalar('disk', 100)] });
      await stage.agent(record);
      expect((await stage.told(ApplyOperationsV1)).operationUuid).toBe(operationUuid);
      await stage.agent({ ...record, resources: [...cpusAndMem(8, 8192), disk(5)] });
      expect(await told(scheduler)).toMatchObject({ operation_id: { value: 'op' }, state: 'OPERATION_DROPPED' });
    },
  ),
  rule(
    '§10 operations: implicit',
    'every operation of the framework that is known, with an id or without',
    async (stage) => {
      const { scheduler, offer } = await offered(stage, [scalar('disk', 100)]);
      await operate(scheduler, offer, reserve(disk(1)), named(reserve(disk(2))));
      const statuses = await reconciled(scheduler, []);
      expect(statuses.map(({ state, operation_id }) => [state, operation_id?.value])).toEqual([
        ['OPERATION_PENDING', undefined],
        ['OPERATION_PENDING', 'op'],
      ]);
      for (const status of statuses) expect(status).not.toHaveProperty('uuid');
    },
  ),
];
