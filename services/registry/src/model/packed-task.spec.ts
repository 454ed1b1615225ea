import { Resources } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import { cpus, status, taskRecord } from './model.fakes.js';
import { PackedTask, SharedSums } from './packed-task.js';

const packed = (more: Parameters<typeof taskRecord>[0] = {}): PackedTask => PackedTask.of(taskRecord(more));

describe('PackedTask', () => {
  it('says what the record says', () => {
    const record = taskRecord({ statuses: [status('TASK_RUNNING')], state: 'TASK_RUNNING' });
    const { info, resources, statuses, state, taskId, agentId, role, user, launchedAtMs, traceId } =
      PackedTask.of(record);
    const { frameworkId: _f, ...rest } = record;
    expect({ info, resources, statuses, state, taskId, agentId, role, user, launchedAtMs, traceId }).toEqual(rest);
  });

  it('keeps one status per consecutive equal state, the last of each, and leaves the record before as it is', () => {
    const before = packed({ statuses: [status('TASK_STARTING'), status('TASK_RUNNING', { timestamp: 1 })] });
    const again = before.withStatus('TASK_RUNNING', status('TASK_RUNNING', { timestamp: 2 }));
    const over = again.withStatus('TASK_FINISHED', status('TASK_FINISHED'));
    expect(over.statuses.map(({ state, timestamp }) => [state, timestamp])).toEqual([
      ['TASK_STARTING', 3.5],
      ['TASK_RUNNING', 2],
      ['TASK_FINISHED', 3.5],
    ]);
    expect([over.state, before.state, before.statuses.length]).toEqual(['TASK_FINISHED', 'TASK_STAGING', 2]);
  });

  it('takes a state without a status', () => {
    const gone = packed().withStatus('TASK_UNREACHABLE', undefined);
    expect([gone.state, gone.statuses]).toEqual(['TASK_UNREACHABLE', []]);
  });
});

describe('SharedSums', () => {
  it('are the same for tasks that ask for the same, in the same role', () => {
    const sums = new SharedSums();
    const one = sums.of(packed({ taskId: 'a' }));
    expect(sums.of(packed({ taskId: 'b' }))).toBe(one);
    expect(sums.of(packed({ role: 'other' })).equals(one)).toBe(false);
    expect(sums.of(packed({ resources: [cpus(2)] })).equals(one)).toBe(false);
  });

  it('are right for more kinds of tasks than are kept', () => {
    const sums = new SharedSums();
    const sumOf = (amount: number) => sums.of(packed({ resources: [cpus(amount)] }));
    for (let i = 1; i <= 1_500; i++) sumOf(i);
    expect(sumOf(1).equals(Resources.parse('cpus:1').withAllocationRole('r'))).toBe(true);
    expect(sumOf(1_400).equals(Resources.parse('cpus:1400').withAllocationRole('r'))).toBe(true);
  });
});
