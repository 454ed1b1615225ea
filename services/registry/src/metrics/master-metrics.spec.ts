import { describe, expect, it } from 'vitest';
import { newAgentCounters } from '../agents/agent-counters.js';
import { knownAgent } from '../agents/agents.fakes.js';
import { ClusterModel } from '../model/cluster-model.js';
import { frameworkRecord, offerRecord, status, taskRecord } from '../model/model.fakes.js';
import { masterMetrics } from './master-metrics.js';

const machine = { cpus: 2, load: [1, 2, 3], memTotalBytes: 10, memFreeBytes: 4 } as const;

function metrics(model: ClusterModel, counters = newAgentCounters()): Record<string, number> {
  return masterMetrics({ model, agents: counters, uptimeMs: 1_500, machine });
}

const cluster = (): ClusterModel => new ClusterModel({ maxCompletedFrameworks: 1, maxCompletedTasksPerFramework: 1 });

describe('masterMetrics', () => {
  it('has resources of registered agents, used ones and their share', () => {
    const model = cluster();
    model.agents.agentChanged(knownAgent());
    model.agents.agentChanged(knownAgent({ agentId: 'away', port: 1, state: 'unreachable' }));
    model.applyFramework({ framework: frameworkRecord() });
    model.applyLaunch({ task: taskRecord() });
    model.applyOffer({ kind: 'made', offer: offerRecord() });
    expect(metrics(model)).toMatchObject({
      'master/cpus_total': 4,
      'master/cpus_used': 1,
      'master/cpus_percent': 0.25,
      'master/mem_total': 0,
      'master/mem_percent': 0,
      'allocator/mesos/resources/cpus/offered_or_allocated': 3,
      'master/slaves_active': 1,
      'master/slaves_unreachable': 1,
      'master/frameworks_active': 1,
      'master/outstanding_offers': 1,
      'master/tasks_staging': 1,
      'master/uptime_secs': 1.5,
      'system/load_5min': 2,
    });
  });

  it('counts ends of tasks, also of those that are shown no more', () => {
    const model = cluster();
    model.applyFramework({ framework: frameworkRecord() });
    for (const taskId of ['a', 'b', 'c']) {
      model.applyLaunch({ task: taskRecord({ taskId }) });
      model.applyUpdate({
        frameworkId: 'f',
        taskId,
        agentId: 'c-S0',
        state: 'TASK_FAILED',
        status: status('TASK_FAILED', { source: 'SOURCE_EXECUTOR', reason: 'REASON_COMMAND_EXECUTOR_FAILED' }),
        completed: true,
      });
    }
    expect(metrics(model)).toMatchObject({
      'master/tasks_failed': 3,
      'master/task_failed/source_executor/reason_command_executor_failed': 3,
    });
  });

  it('tells agents that are not heard from those that are deactivated, and takes both for inactive', () => {
    const model = cluster();
    for (const [port, state] of (
      ['active', 'deactivated', 'disconnected', 'unreachable', 'removed'] as const
    ).entries()) {
      model.agents.agentChanged(knownAgent({ agentId: state, port, state }));
    }
    expect(metrics(model)).toMatchObject({
      'master/slaves_active': 1,
      'master/slaves_inactive': 2,
      'master/slaves_connected': 2,
      'master/slaves_disconnected': 1,
      'master/slaves_unreachable': 1,
    });
  });

  it('takes an admission for what Mesos’ agents tell in one message more', () => {
    const counters = { ...newAgentCounters(), registrations: 2, reregistrations: 3 };
    expect(metrics(cluster(), counters)).toMatchObject({ 'master/messages_update_slave': 5 });
  });

  it('counts what happened to agents by reason', () => {
    const counters = { ...newAgentCounters(), registrations: 4, replaced: 1, unregistered: 1, unreachable: 2 };
    Object.assign(counters, { unreachableScheduled: 6, unreachableCanceled: 3 });
    expect(metrics(cluster(), counters)).toMatchObject({
      'master/slave_registrations': 4,
      'master/slave_removals': 4,
      'master/slave_removals/reason_unhealthy': 2,
      'master/slave_unreachable_scheduled': 6,
      'master/slave_unreachable_completed': 2,
      'master/slave_unreachable_canceled': 3,
    });
  });

  it('has every name that exporters ask for, also of what it cannot see', () => {
    const names = Object.keys(metrics(cluster()));
    expect(names).toEqual(
      expect.arrayContaining([
        'master/elected',
        'master/dropped_messages',
        'master/messages_kill_task',
        'master/messages_launch_tasks',
        'master/messages_status_update',
        'allocator/mesos/allocation_run_ms/p99',
        'master/valid_status_update_acknowledgements',
        'master/invalid_status_updates',
        'master/operations/create/finished',
        'master/operations/total',
        'master/event_queue_dispatches',
        'master/slave_unreachable_completed',
        'master/gpus_revocable_percent',
        'master/tasks_gone_by_operator',
        'registrar/queued_operations',
        'system/mem_free_bytes',
      ]),
    );
  });
});
