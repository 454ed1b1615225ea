import type { OperationReport } from '@tranche/contracts';
import type { OfferOperation, OperationState } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../operations/operation.js';
import { planOperations } from './plan-operations.js';

const reserve = (disk: number): OfferOperation => ({
  type: 'RESERVE',
  reserve: {
    resources: [
      {
        name: 'disk',
        type: 'SCALAR',
        scalar: { value: disk },
        allocation_info: { role: 'web' },
        reservations: [{ type: 'DYNAMIC', role: 'web' }],
      },
    ],
  },
});
const known = (operationUuid: string, state: OperationState = 'OPERATION_PENDING', disk = 10): Operation => ({
  record: {
    operationUuid,
    agentId: 'S1',
    frameworkId: 'F',
    info: reserve(disk),
    latestStatus: { state },
    statuses: [],
    acceptedAtMs: 0,
    traceId: '',
  },
});
const reported = (operationUuid: string, state: OperationState = 'OPERATION_PENDING'): OperationReport => ({
  operationUuid,
  info: reserve(10),
  latestStatus: { state },
});
const truth = Resources.parse('disk:15');

/** The plan in short: uuids by what is done with them, and the total. */
function plan(
  operations: readonly Operation[],
  reports: readonly OperationReport[],
  ...news: string[]
): Record<string, unknown> {
  const { adopt, follow, sendAgain, drop, forget, total } = planOperations(operations, reports, truth, ({ record }) =>
    news.includes(record.operationUuid),
  );
  const names = (list: readonly Operation[]): string[] => list.map(({ record }) => record.operationUuid);
  const all = {
    adopt: adopt.map(({ operationUuid }) => operationUuid),
    follow: names(follow.map(({ operation }) => operation)),
    sendAgain: names(sendAgain),
    drop: names(drop),
    forget: names(forget),
  };
  const done = Object.fromEntries(Object.entries(all).filter(([, uuids]) => uuids.length > 0));
  return { ...done, total: total.toText() };
}

describe('planOperations', () => {
  it.each([
    ['nothing known, nothing reported', [], [], { total: 'disk:15' }],
    ['pending and never heard of', [known('a')], [], { sendAgain: ['a'], total: 'disk:5; disk(web):10' }],
    [
      'silent until now',
      [known('a', 'OPERATION_UNREACHABLE')],
      [],
      { sendAgain: ['a'], total: 'disk:5; disk(web):10' },
    ],
    ['pending there too', [known('a')], [reported('a')], { follow: ['a'], total: 'disk:5; disk(web):10' }],
    ['done there', [known('a')], [reported('a', 'OPERATION_FINISHED')], { follow: ['a'], total: 'disk:15' }],
    ['failed there', [known('a')], [reported('a', 'OPERATION_FAILED')], { follow: ['a'], total: 'disk:15' }],
    ['ended and acknowledged', [known('a', 'OPERATION_FINISHED')], [], { forget: ['a'], total: 'disk:15' }],
    [
      'more than the agent has left',
      [known('a'), known('b')],
      [],
      { sendAgain: ['a'], drop: ['b'], total: 'disk:5; disk(web):10' },
    ],
    ['known to the agent only, pending', [], [reported('a')], { adopt: ['a'], total: 'disk:5; disk(web):10' }],
    ['known to the agent only, ended', [], [reported('a', 'OPERATION_FINISHED')], { adopt: ['a'], total: 'disk:15' }],
  ])('follows the agent: %s', (_what, operations, reports, expected) => {
    expect(plan(operations, reports)).toEqual(expected);
  });

  it('keeps what the agent has told of after its report, and has what was done then', () => {
    const done = known('a', 'OPERATION_FINISHED');
    expect(plan([done], [], 'a')).toEqual({ total: 'disk:5; disk(web):10' });
    expect(plan([known('a', 'OPERATION_FAILED')], [], 'a')).toEqual({ total: 'disk:15' });
    // It had not told yet when it made the report, but had done it.
    expect(plan([done], [reported('a', 'OPERATION_FINISHED')], 'a')).toEqual({ follow: ['a'], total: 'disk:15' });
  });
});
